import { beforeEach, describe, expect, it } from 'vitest'
import { putSession } from '@/session/session'
import { fill, open, press, readable } from '@/testing/open'
import { serve, sessionOf, type Asked } from '@/testing/server'
import LedgerPage from './LedgerPage.vue'

const entry = (seq: number) => ({ seq, at: 0, actor: '周明', action: 'person.edit', action_name: '修改党员信息', subject_kind: 'person', subject_id: '7', reason: '核对后更正', summary: `更正第 ${seq} 项`, items: 1 })
const pages = ({ query }: Asked) => (query.get('cursor') ? { items: [entry(1)], next: null } : { items: [entry(2)], next: 'c1' })

describe('LedgerPage', () => {
  beforeEach(() => putSession(sessionOf('auditor')))

  it('continues from the cursor and keeps the filter', async () => {
    const asked = serve({ 'GET /api/ledger': pages })
    await open(LedgerPage)
    await fill('从', '2026.1.1')
    await press('再显示一些')
    expect(Object.fromEntries(asked.at(-1)?.query ?? [])).toEqual({ from: '2026-01-01', cursor: 'c1' })
    expect(readable()).toContain('更正第 2 项')
    expect(readable()).toContain('更正第 1 项')
  })

  it('does not ask for a date that cannot be', async () => {
    const asked = serve({ 'GET /api/ledger': pages })
    await open(LedgerPage)
    await fill('从', '2027-01-01')
    expect(asked).toHaveLength(1)
    expect(readable()).toContain('不能晚于2026年3月5日')
  })

  it('says that the records are whole', async () => {
    serve({ 'GET /api/ledger': pages, 'GET /api/ledger/verify': { entries: 18422, faults: [] } })
    await open(LedgerPage)
    await press('核验全部记录')
    expect(readable()).toContain('核验 18,422 条记录，没有发现改动')
  })

  it('names every fault', async () => {
    serve({ 'GET /api/ledger': pages, 'GET /api/ledger/verify': { entries: 9, faults: [{ seq: 3, message: '内容与摘要不符' }, { seq: 5, message: '缺少一条' }] } })
    await open(LedgerPage)
    await press('核验全部记录')
    expect(readable()).toContain('第 3 条：内容与摘要不符')
    expect(readable()).toContain('第 5 条：缺少一条')
    expect(readable()).not.toContain('没有发现改动')
  })
})
