import { beforeEach, describe, expect, it } from 'vitest'
import { putSession } from '@/session/session'
import { open, press, readable } from '@/testing/open'
import { serve, sessionOf } from '@/testing/server'
import { mask } from './facts'
import MePage from './MePage.vue'
import { dossier } from './testing'

const none = { items: [], next: null }
const replies = { 'GET /api/me/dossier': dossier, 'GET /api/me/views': none, 'GET /api/me/changes': none, 'GET /api/me/meetings': none, 'GET /api/me/learning': { year: 2026, tenths: 0, needed: 320, items: [] }, 'GET /api/me/dues': { bases: [], months: [], owed: 0, owed_months: 0 } }

describe('MePage', () => {
  beforeEach(() => putSession(sessionOf('member')))

  it('shows the identity number in full only when asked', async () => {
    serve(replies)
    await open(MePage)
    expect(readable()).not.toContain(dossier.identity_number)
    expect(readable()).toContain('110105********002X')
    await press('显示完整号码和住址')
    expect(readable()).toContain(dossier.identity_number)
  })

  it('names who looked at the data, and why', async () => {
    serve({ ...replies, 'GET /api/me/views': { items: [{ at: 0, actor: '赵磊', action: '查看了完整号码', reason: '办理介绍信' }], next: null } })
    await open(MePage)
    expect(readable()).toContain('赵磊 查看了完整号码，事由：办理介绍信')
  })

  it('tells why a proposal was returned', async () => {
    const change = { id: '1', version: 1, person_id: '7', person_name: '', org_name: '', state: 'returned', reason: '换了号码', submitted_at: 0, changes: [{ field: 'phone', label: '联系电话', old: null, new: '139****5678' }], files: [], decided_at: 1, decided_by: '周明', return_reason: '请写明启用日期。' }
    serve({ ...replies, 'GET /api/me/changes': { items: [change], next: null } })
    await open(MePage)
    expect(readable()).toContain('已退回：请写明启用日期。')
  })

  it.each([
    ['11010519491231002X', '110105********002X'],
    ['13900001234', '139****1234'],
    ['四川省成都市示例区', '四川省******'],
    ['', ''],
  ])('masks %s', (text, masked) => {
    expect(mask(text)).toBe(masked)
  })
})
