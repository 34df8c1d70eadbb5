import { beforeEach, describe, expect, it } from 'vitest'
import type { Schemas } from '@/api/types'
import { fill, open, press, readable, send } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import { putSession } from '@/session/session'
import ChangesPage from './ChangesPage.vue'

function change(part: Partial<Schemas['ChangeRequest']> = {}): Schemas['ChangeRequest'] {
  return {
    id: '1', version: 2, person_id: '7', person_name: '欧阳明远', org_name: '机务第三党支部', state: 'pending', reason: '取得学历', submitted_at: 0,
    changes: [{ field: 'education', label: '学历', old: '大学本科', new: '硕士研究生' }], files: [],
    ...part,
  }
}
beforeEach(() => putSession(sessionOf('secretary')))

describe('ChangesPage', () => {
  it('shows old and new side by side', async () => {
    serve({ 'GET /api/changes': { items: [change()], next: null } })
    const { page } = await open(ChangesPage)
    expect(page.findAll('tbody td').map(cell => cell.text())).toEqual(['大学本科', '硕士研究生'])
  })

  it('adopts a proposal after naming what will change', async () => {
    const asked = serve({ 'GET /api/changes': { items: [change()], next: null }, 'POST /api/changes/1/approve': null })
    await open(ChangesPage)
    await press('采纳更正')
    expect(readable()).toContain('欧阳明远的档案将更新为')
    document.querySelector<HTMLButtonElement>('.el-dialog__footer .el-button--primary')?.click()
    await new Promise(resolve => setTimeout(resolve))
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ version: 2 })
  })

  it('sends back only with a reason', async () => {
    const asked = serve({ 'GET /api/changes': { items: [change()], next: null }, 'POST /api/changes/1/return': null })
    await open(ChangesPage)
    await press('退回')
    await send()
    expect(asked.some(({ method }) => method === 'POST')).toBe(false)
    await fill('事由', '毕业证看不清')
    await send()
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ version: 2, reason: '毕业证看不清' })
  })

  it('shows how it stands now when somebody else was faster, and keeps the reason typed', async () => {
    let version = 2
    const asked = serve({ 'GET /api/changes': () => ({ items: [change({ version })], next: null }), 'POST /api/changes/1/return': () => ((version = 3), problem(409, 'stale', '这份申请已被他人修改。')) })
    await open(ChangesPage)
    await press('退回')
    await fill('事由', '毕业证看不清')
    await send()
    expect(readable()).toContain('这份申请已被他人修改。')
    await send()
    expect(asked.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([{ version: 2, reason: '毕业证看不清' }, { version: 3, reason: '毕业证看不清' }])
  })

  it('offers nothing more once somebody else has decided', async () => {
    const asked = serve({ 'GET /api/changes': { items: [change({})], next: null }, 'POST /api/changes/1/return': problem(422, 'change_decided', '这份变更申请已采纳，不用再审核。') })
    await open(ChangesPage)
    await press('退回')
    await fill('事由', '毕业证看不清')
    await send()
    expect(readable()).toContain('不用再审核')
    await send()
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect(asked.filter(({ method }) => method === 'GET')).toHaveLength(2)
  })

  it('says calmly that nothing waits', async () => {
    serve({ 'GET /api/changes': { items: [], next: null } })
    await open(ChangesPage)
    expect(readable()).toContain('没有等待审核的更正')
  })
})
