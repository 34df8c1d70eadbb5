import { beforeEach, describe, expect, it } from 'vitest'
import { fill, open, press, readable, send } from '@/testing/open'
import { serve, sessionOf } from '@/testing/server'
import { putSession } from '@/session/session'
import { limitOf, type Transfer } from './transfer'
import TransfersPage from './TransfersPage.vue'

function transfer(part: Partial<Transfer> = {}): Transfer {
  return {
    id: '1', version: 2, person_id: '7', person_name: '慕容雪', stage_name: '正式党员', from_org_id: '5', from_org_name: '飞行党支部', to_org_id: '33', to_org_name: '机务第三党支部',
    state: 'pending', direction: 'in', reason: '岗位调整', requested_at: 0, requested_by: '赵磊', due: '2026-03-08', overdue_days: null,
    ...part,
  }
}
beforeEach(() => putSession(sessionOf('secretary')))

describe('the time limit', () => {
  it('counts the days that are left', () => expect(limitOf(transfer(), '2026-03-05')).toEqual({ tone: 'wait', text: '还有 3 天' }))
  it('counts the days it is overdue', () => expect(limitOf(transfer({ due: '2026-03-03', overdue_days: 2 }), '2026-03-05')).toEqual({ tone: 'late', text: '逾期 2 天' }))
})

describe('TransfersPage', () => {
  it('shows those to be accepted, also within one’s own organisations, and not those sent', async () => {
    serve({ 'GET /api/transfers': { items: [transfer(), transfer({ id: '2', person_name: '陈伟', direction: 'inner' }), transfer({ id: '3', person_name: '李雪', direction: 'out' })], next: null } })
    await open(TransfersPage)
    expect(readable()).toContain('慕容雪')
    expect(readable()).toContain('陈伟')
    expect(readable()).not.toContain('李雪')
  })

  it('passes over pages that have nothing for this view', async () => {
    serve({ 'GET /api/transfers': ({ query }: { query: URLSearchParams }) => (query.get('cursor') ? { items: [transfer()], next: null } : { items: [transfer({ id: '3', direction: 'out' })], next: 'x' }) })
    await open(TransfersPage)
    expect(readable()).toContain('慕容雪')
  })

  it('accepts from a day on', async () => {
    const asked = serve({ 'GET /api/transfers': { items: [transfer()], next: null }, 'POST /api/transfers/1/accept': null })
    await open(TransfersPage)
    await press('接收')
    document.querySelector<HTMLButtonElement>('.el-dialog__footer .el-button--primary')?.click()
    await new Promise(resolve => setTimeout(resolve))
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ version: 2, on: '2026-03-05' })
  })

  it('withdraws what was sent, with a reason', async () => {
    const asked = serve({ 'GET /api/transfers': { items: [transfer({ direction: 'out' })], next: null }, 'POST /api/transfers/1/withdraw': null })
    await open(TransfersPage, { at: '/transfers?view=out' })
    await press('撤回')
    await fill('事由', '本人不再调动')
    await send()
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ version: 2, reason: '本人不再调动' })
  })

  it('keeps what was decided, with the reason and without buttons', async () => {
    serve({ 'GET /api/transfers': { items: [transfer({ state: 'rejected', decided_at: 0, decided_by: '周明', decision_reason: '尚未到岗' })], next: null } })
    await open(TransfersPage, { at: '/transfers?view=decided' })
    expect(readable()).toContain('已退回：尚未到岗')
    expect([...document.querySelectorAll('article button')]).toHaveLength(0)
  })
})
