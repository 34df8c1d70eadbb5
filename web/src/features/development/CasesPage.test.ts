import { beforeEach, describe, expect, it } from 'vitest'
import { putSession } from '@/session/session'
import { fill, open, press, readable, send } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import { limitOf, STAGE_NAMES, waitsText } from './case'
import CasesPage from './CasesPage.vue'
import { fileOf } from './testing'

const counts = (cases: number) => ({ stages: STAGE_NAMES.map((name, i) => ({ stage: i + 1, name, cases: i ? 0 : cases, at_superior: 0, overdue: i ? 0 : Math.min(cases, 1) })), suspended: 0, finished: 0, ended: 0 })
const served = (more: Record<string, unknown> = {}) =>
  serve({
    'GET /api/development/counts': counts(1),
    'GET /api/development': ({ query }: { query: URLSearchParams }) => ({ items: query.get('stage') === '1' ? [fileOf({ overdue_days: 2 })] : [], next: null }),
    'GET /api/orgs': { items: [{ id: '5', kind: 'branch' }], next: null },
    'GET /api/orgs/10': { id: '10', name: '飞行党支部', kind: 'branch' },
    'GET /api/members/fields': { items: [{ field: 'name', label: '姓名', required: true, private: false, choices: [], proposable: false }] },
    ...more,
  })
beforeEach(() => putSession(sessionOf('secretary')))

describe('words', () => {
  it('a step that is mine to enter for the applicant says so', () => expect(waitsText({ mine: true, waits_for: 'applicant' })).toBe('等本人，由我登记'))
  it('a limit far away is not said', () => expect(limitOf({ due: '2026-06-01', overdue_days: null }, '2026-03-05')).toBeNull())
  it('a near limit is', () => expect(limitOf({ due: '2026-03-20', overdue_days: null }, '2026-03-05')).toEqual({ tone: 'wait', text: '还有 15 天' }))
})

describe('CasesPage', () => {
  it('shows who is at which stage, for whom each waits and what is late', async () => {
    served()
    await open(CasesPage)
    expect(readable()).toContain('慕容雪')
    expect(readable()).toContain('等我办理')
    expect(readable()).toContain('逾期 2 天')
    expect(readable()).toContain('有 1 人逾期')
  })

  it('explains the five stages while there is no case', async () => {
    served({ 'GET /api/development/counts': counts(0) })
    await open(CasesPage)
    expect(readable()).toContain('第 19 至 25 步')
    expect(readable()).toContain('登记第一份入党申请')
  })

  it('leaves the registering to those who may', async () => {
    putSession(sessionOf('supervisor'))
    served()
    await open(CasesPage)
    expect(readable()).not.toContain('登记入党申请')
  })

  it('registers an application in the own branch and goes to the case', async () => {
    const asked = served({ 'POST /api/development': fileOf() })
    const { router } = await open(CasesPage)
    await press('登记入党申请')
    await fill('收到申请书的日期', '2026-03-01')
    await fill('姓名', '慕容雪')
    await send()
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ org_id: '10', fields: { name: '慕容雪' }, on: '2026-03-01' })
    expect(router.currentRoute.value.path).toBe('/development/9')
  })

  it('shows why an application is refused beside the field, with everything typed still there', async () => {
    served({ 'POST /api/development': problem(422, 'applicant_age', '填写有误', [{ pointer: '/on', code: 'applicant_age', message: '递交申请书时未满 18 周岁（DEV-01）。' }]) })
    await open(CasesPage)
    await press('登记入党申请')
    await fill('收到申请书的日期', '2026-03-01')
    await fill('姓名', '慕容雪')
    await send()
    expect(readable()).toContain('递交申请书时未满 18 周岁（DEV-01）。')
    expect([...document.querySelectorAll('input')].some(({ value }) => value === '慕容雪')).toBe(true)
  })
})
