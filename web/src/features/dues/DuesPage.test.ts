import { beforeEach, describe, expect, it } from 'vitest'
import { open, press, readable, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import { putSession } from '@/session/session'
import DuesPage from './DuesPage.vue'
import { line, month, payment, statement } from './testing'

const guide = { 'GET /api/guide/dues_collection': problem(404, 'not_found', '没有') }
const posted = (asked: ReturnType<typeof serve>) => asked.filter(({ method }) => method === 'POST').map(({ path, body }) => ({ path, body }))
beforeEach(() => putSession(sessionOf('secretary')))

describe('DuesPage', () => {
  it('offers to draw up a month that has no statement yet', async () => {
    const asked = serve({ ...guide, 'GET /api/dues/month': month({ statement: null, lines: null }), 'POST /api/dues/statements': month() })
    await open(DuesPage)
    await press('生成本月应交')
    expect(posted(asked)).toEqual([{ path: '/api/dues/statements', body: { org_id: '10', month: '2026-03' } }])
  })

  it('shows why a month cannot be drawn up, and offers nothing', async () => {
    serve({ ...guide, 'GET /api/dues/month': month({ statement: null, lines: null, refusal: '2025-08 已超过 6 个月，一般不再补交（DUES-04）。' }) })
    await open(DuesPage, { at: '/dues?month=2025-08' })
    expect(readable()).toContain('一般不再补交（DUES-04）')
    expect([...document.querySelectorAll('button')].find(one => one.textContent?.includes('生成'))?.disabled).toBe(true)
  })

  it('shows the arithmetic and books what is due with one click', async () => {
    const asked = serve({ ...guide, 'GET /api/dues/month': month(), 'POST /api/dues/payments': null })
    await open(DuesPage)
    expect(readable()).toContain('基数 8,000.00 × 1.5% = ¥120.00')
    await press('记账：慕容雪')
    expect(posted(asked)).toEqual([{ path: '/api/dues/payments', body: { org_id: '10', lines: [{ id: '1', version: 3 }], on: '2026-03-05', way: 'payroll' } }])
  })

  it('books several together and says the sum beforehand', async () => {
    const asked = serve({ ...guide, 'GET /api/dues/month': month({ lines: [line(), line({ id: '2', person_name: '陈伟', due: 1_550 })] }), 'POST /api/dues/payments': null })
    await open(DuesPage)
    document.querySelector<HTMLInputElement>('[aria-label="选中全部未交的"], .el-checkbox__original')?.click()
    await settle()
    await press('记账：2 人，¥135.50')
    expect(posted(asked)[0]?.body).toMatchObject({ lines: [{ id: '1' }, { id: '2' }] })
  })

  it('tells the refusal and reads the month again when somebody was faster', async () => {
    const asked = serve({ ...guide, 'GET /api/dues/month': month(), 'POST /api/dues/payments': problem(422, 'already_paid', '这一笔已经记账，不用再记。请刷新查看。', [{ pointer: '/lines/0', code: 'already_paid', message: '这一笔已经记账，不用再记。请刷新查看。' }]) })
    await open(DuesPage)
    await press('记账：慕容雪')
    expect(readable()).toContain('这一笔已经记账')
    expect(asked.filter(({ path }) => path === '/api/dues/month')).toHaveLength(2)
  })

  it('does not offer what the rules refuse, and says why', async () => {
    serve({ ...guide, 'GET /api/dues/month': month({ lines: [line({ refusal: '2025-08 已超过 6 个月，一般不再补交（DUES-04）。' }), line({ id: '2', state: 'paid', payment: { ...payment, handed_on: '2026-03-04' }, refusal: '这一笔已上缴（DUES-06）。' })] }) })
    await open(DuesPage)
    expect(readable()).toContain('一般不再补交（DUES-04）')
    expect([...document.querySelectorAll<HTMLButtonElement>('table .el-button, table .link-button')].every(one => one.disabled)).toBe(true)
  })

  it('leads to the bases when some are not known', async () => {
    serve({ ...guide, 'GET /api/dues/month': month({ lines: [line({ state: 'no_base', due: null, arithmetic: null, refusal: '未核定' })] }), 'GET /api/dues/bases': { items: [], latest_month: '2026-04' } })
    await open(DuesPage)
    expect(readable()).toContain('1 人还没有核定基数')
    await press('核定基数')
    expect(readable()).toContain('本支部还没有党员')
  })

  it('shows superiors sums and no lines', async () => {
    putSession(sessionOf('supervisor'))
    serve({ ...guide, 'GET /api/dues/month': month({ keeps_books: false, lines: null }) })
    await open(DuesPage)
    expect(readable()).toContain('¥240.00')
    expect(readable()).toContain('只有本支部的书记、党务工作者和党员本人能看到')
    expect(document.querySelector('table')).toBeNull()
  })

  it('shows the branches below with what is missing', async () => {
    putSession(sessionOf('supervisor'))
    const months = [{ month: '2026-02', branches: 1, settled: 0, people: 9, open: 2, due: 24_000, paid: 20_000, voluntary: 0, handed: 0 }]
    serve({
      ...guide,
      'GET /api/dues/month': month({ collects: false, keeps_books: false, statement: null, lines: null, refusal: '党委没有应交清单' }),
      'GET /api/dues/overview': { org_id: '10', org_name: '示例集团党委', kind: 'committee', year: 2026, items: [{ org_id: '3', name: '机务党支部', kind: 'branch', collectors: 1, months }] },
    })
    await open(DuesPage)
    expect(readable()).toContain('差 2 人')
    expect(readable()).toContain('未生成')
    expect(readable()).toContain('2026 年应交 ¥240.00，实交 ¥200.00')
  })
})

describe('a settled month', () => {
  it('is handed up on its version', async () => {
    const settled = { ...statement, open: 0, paid: 24_000, settled_on: '2026-03-04', to_hand_up: 24_000 }
    const asked = serve({ ...guide, 'GET /api/dues/month': month({ statement: settled, lines: [line({ state: 'paid', payment: { ...payment } })] }), 'POST /api/dues/statements/90/hand-up': month() })
    await open(DuesPage)
    await press('上缴党费')
    expect(readable()).toContain('¥240.00 记为已上缴上级')
    await press('上缴')
    expect(posted(asked)).toEqual([{ path: '/api/dues/statements/90/hand-up', body: { version: 5, on: '2026-03-05' } }])
  })
})
