import { beforeEach, describe, expect, it } from 'vitest'
import { control, fill, open, press, readable, send } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import { putSession } from '@/session/session'
import BasesPanel from './BasesPanel.vue'
import type { DuesMember } from './dues'

const base = { from_month: '2026-01', payer: 'employed', base: 800_000, arithmetic: '基数 8,000.00 × 1.5% = ¥120.00' } as const
function member(part: Partial<DuesMember> = {}): DuesMember {
  return { person_id: '7', name: '慕容雪', stage_name: '正式党员', bases: [base], earliest_month: '2026-02', ...part }
}
const others = { person_id: '8', name: '陈伟', bases: [] }
beforeEach(() => putSession(sessionOf('secretary')))

describe('BasesPanel', () => {
  it('sends only what was changed', async () => {
    const asked = serve({ 'GET /api/dues/bases': { items: [member(), member(others)], latest_month: '2026-04' }, 'POST /api/dues/bases': null })
    await open(BasesPanel, { props: { org: '10' } })
    expect(readable()).toContain('未核定')
    await fill('陈伟的基数（元）', '6,500.5')
    await send()
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ org_id: '10', from_month: '2026-03', items: [{ person_id: '8', payer: 'employed', base: 650_050 }], reason: '' })
  })

  it('says at the field what is no amount, and sends nothing', async () => {
    const asked = serve({ 'GET /api/dues/bases': { items: [member()], latest_month: '2026-04' } })
    await open(BasesPanel, { props: { org: '10' } })
    await fill('慕容雪的基数（元）', '八千')
    expect(readable()).toContain('请填写金额')
    await press('核定 1 人').catch(() => undefined)
    expect(asked.some(({ method }) => method === 'POST')).toBe(false)
  })

  it('does not let a base reach into months that were paid', async () => {
    serve({ 'GET /api/dues/bases': { items: [member({ earliest_month: '2026-04' })], latest_month: '2026-04' } })
    await open(BasesPanel, { props: { org: '10' } })
    expect(control('慕容雪的基数（元）').disabled).toBe(true)
    expect(readable()).toContain('已交到2026年3月，新基数从2026年4月起')
  })

  it('puts the server’s refusal beside the member it is about and keeps what was typed', async () => {
    serve({
      'GET /api/dues/bases': { items: [member(), member(others)], latest_month: '2026-04' },
      'POST /api/dues/bases': problem(422, 'bad_base', '每月基数超过 1,000,000 元', [{ pointer: '/items/0/base', code: 'bad_base', message: '每月基数超过 1,000,000 元，可能多写了数字（DUES-06）。' }]),
    })
    await open(BasesPanel, { props: { org: '10' } })
    await fill('陈伟的基数（元）', '80000000')
    await send()
    expect(control('陈伟的基数（元）').getAttribute('aria-invalid')).toBe('true')
    expect(control('陈伟的基数（元）').value).toBe('80000000')
    expect(readable()).toContain('可能多写了数字（DUES-06）')
  })
})
