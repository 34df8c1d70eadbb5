import { beforeEach, describe, expect, it } from 'vitest'
import { fill, open, press, readable, send, settle } from '@/testing/open'
import { serve, sessionOf } from '@/testing/server'
import { putSession } from '@/session/session'
import BindingDialog from './BindingDialog.vue'
import LeaveDialog from './LeaveDialog.vue'
import MemberHistory from './MemberHistory.vue'
import MemberPage from './MemberPage.vue'
import { dossier } from './testing'

beforeEach(() => putSession(sessionOf('party_staff')))
const later = () => new Promise(resolve => setTimeout(resolve, 50)).then(settle)

describe('MemberPage', () => {
  it('shows numbers in full only after a reason, and that it is recorded', async () => {
    const asked = serve({ 'GET /api/members/7': dossier(), 'POST /api/members/7/reveal': { identity_number: '653101198804120024', phone: '13900001234', birth_date: '1988-04-12' } })
    await open(MemberPage, { props: { id: '7' } })
    expect(readable()).not.toContain('653101198804120024')
    await press('查看完整号码')
    await later()
    await fill('事由', '办理组织关系介绍信')
    await send()
    expect(asked.at(-1)?.body).toEqual({ reason: '办理组织关系介绍信' })
    expect(readable()).toContain('653101198804120024')
    expect(readable()).toContain('1988年4月12日')
    expect(readable()).toContain('已经写入留痕')
    await press('遮住完整号码')
    expect(readable()).not.toContain('653101198804120024')
  })

  it('only lets the dossier be read once somebody has left', async () => {
    serve({ 'GET /api/members/7': dossier({ membership: 'transferred_out', membership_name: '已转出' }) })
    await open(MemberPage, { props: { id: '7' } })
    expect(readable()).toContain('已转出')
    expect(readable()).not.toContain('修改档案')
  })

  it('offers a supervisor neither edits nor full numbers', async () => {
    putSession(sessionOf('supervisor'))
    serve({ 'GET /api/members/7': dossier() })
    await open(MemberPage, { props: { id: '7' } })
    expect(readable()).not.toContain('修改档案')
    expect(readable()).not.toContain('查看完整号码')
  })
})

describe('MemberHistory', () => {
  it('tells who changed what and why', async () => {
    serve({ 'GET /api/members/7/history': { items: [{ at: 0, actor: '周明', action: 'person.edit', summary: '修改党员信息', reason: '核对毕业证', changes: [{ field: 'education', label: '学历', old: null, new: '大学本科' }] }], next: null } })
    await open(MemberHistory, { props: { id: '7' } })
    expect(readable()).toContain('学历：未登记 改为 大学本科')
    expect(readable()).toContain('周明，事由：核对毕业证')
  })
})

describe('LeaveDialog', () => {
  it('does not let a full member lose a probationary membership', async () => {
    await open(LeaveDialog, { props: { dossier: dossier() } })
    expect(readable()).toContain('取消预备党员资格 只用于预备党员')
  })
})

describe('BindingDialog', () => {
  it('shows the code once it was given', async () => {
    serve({ 'POST /api/members/7/binding-codes': { code: 'K7QW-2M9X', expires_at: 0 } })
    await open(BindingDialog, { props: { dossier: dossier() } })
    await press('发放认证码')
    expect(readable()).toContain('K7QW-2M9X')
    expect(readable()).toContain('只显示这一次')
  })
})
