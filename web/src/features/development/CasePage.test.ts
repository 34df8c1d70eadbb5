import { beforeEach, describe, expect, it, vi } from 'vitest'
import { putSession } from '@/session/session'
import { button, fill, open, press, readable, send, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import { forgetStages } from './case'
import CasePage from './CasePage.vue'
import { fileOf, STAGES, withPaper } from './testing'

const CHECK = 'POST /api/development/9/steps/2/check'
const TAKE = 'POST /api/development/9/steps/2'
const served = (more: Record<string, unknown> = {}, file = withPaper(fileOf())) =>
  serve({ 'GET /api/development/steps': { items: STAGES }, 'GET /api/development/9': file, [CHECK]: { refusals: [] }, ...more })
const opened = () => open(CasePage, { props: { id: '9' } })

beforeEach(() => {
  forgetStages()
  putSession(sessionOf('secretary'))
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => {} }))
})

describe('CasePage', () => {
  it('opens at the step to be taken now, with its guide and the days allowed', async () => {
    served()
    await opened()
    expect(readable()).toContain('常见错误')
    expect(readable()).toContain('可填 2026年2月20日 至 2026年3月5日（今天）。')
    expect(readable()).toContain('还有 15 天')
  })

  it('says what is missing before anything is sent', async () => {
    const asked = served({}, fileOf())
    await opened()
    expect(readable()).toContain('还差：办理日期、谈话人、《谈话记录》。')
    await send()
    expect(asked.some(({ path, method }) => method === 'POST' && path.endsWith('/steps/2'))).toBe(false)
    expect(readable()).toContain('请填写谈话人。')
  })

  it('shows a refusal of the rules beside the field while it is filled in', async () => {
    served({ [CHECK]: { refusals: [{ rule: 'DEV-30', field: 'on', message: '不能早于前一步的日期 2026-02-20。', code: 'x', warning: false }] } })
    await opened()
    await fill('办理日期', '2026-03-01')
    await vi.waitFor(() => expect(readable()).toContain('不能早于前一步的日期'))
  })

  it('takes the step and goes on to the next', async () => {
    const asked = served({ [TAKE]: fileOf({ version: 4, step: 3, now: null }) })
    await opened()
    await fill('办理日期', '2026-03-01')
    await fill('谈话人', '赵磊')
    await send()
    expect(asked.find(({ path }) => path.endsWith('/steps/2'))?.body).toEqual({ version: 3, on: '2026-03-01', values: { talker: '赵磊' } })
    expect(readable()).toContain('第 2 步已办')
  })

  it('keeps what was typed when it is refused, and is based on the newer state after somebody else was faster', async () => {
    const file = withPaper(fileOf())
    let current = file
    const asked = served({ 'GET /api/development/9': () => current, [TAKE]: () => problem(409, 'stale', '卷宗已被他人修改。') })
    await opened()
    await fill('办理日期', '2026-03-01')
    await fill('谈话人', '赵磊')
    current = { ...file, version: 8 }
    await send()
    expect(readable()).toContain('卷宗已被他人修改。')
    await send()
    const bodies = asked.filter(({ path, method }) => method === 'POST' && path.endsWith('/steps/2')).map(({ body }) => body as { version: number; values: unknown })
    expect(bodies.map(({ version }) => version)).toEqual([3, 8])
    expect(bodies[1]?.values).toEqual({ talker: '赵磊' })
  })

  it('asks for a reason where a rule warns', async () => {
    const asked = served({ [CHECK]: { refusals: [{ rule: 'DEV-13', field: null, message: '三个月内将离开单位。', code: 'x', warning: true }] }, [TAKE]: fileOf() })
    await opened()
    await fill('办理日期', '2026-03-01')
    await fill('谈话人', '赵磊')
    await vi.waitFor(() => expect(readable()).toContain('三个月内将离开单位'))
    await fill('继续办理的理由', '离开前办结')
    await send()
    expect(asked.find(({ path }) => path.endsWith('/steps/2'))?.body).toMatchObject({ reason: '离开前办结' })
  })

  const COUNTS = { expected_voters: 10, present_voters: 9, written: 0, in_favour: 8, against: 1, abstained: 0 }
  const VOTED = [{ ...STAGES[0]!, steps: STAGES[0]!.steps.map(one => (one.n === 2 ? { ...one, fields: [{ ...one.fields[0]!, key: 'vote', label: '表决', kind: 'vote' as const }] } : one)) }]
  const before = (archived: boolean) => {
    const file = withPaper(fileOf())
    return { ...file, now: { ...file.now!, votes: [{ meeting_id: '33', on: '2026-03-01', archived, counts: COUNTS }] } }
  }

  it('takes day and counts over from the meeting', async () => {
    const asked = served({ 'GET /api/development/steps': { items: VOTED }, [TAKE]: fileOf() }, before(true))
    await opened()
    await press('采用 2026年3月1日支部党员大会的表决结果')
    expect(readable()).toContain('赞成 8 人，过半数，通过')
    await send()
    expect(asked.find(({ path }) => path.endsWith('/steps/2'))?.body).toMatchObject({ on: '2026-03-01', values: { vote: COUNTS } })
  })

  it('greys a vote whose record is not archived and says why', async () => {
    served({ 'GET /api/development/steps': { items: VOTED } }, before(false))
    await opened()
    expect(button('采用 2026年3月1日支部党员大会的表决结果').disabled).toBe(true)
    expect(readable()).toContain('归档以后才能采用')
  })

  it('says that counts are written in by hand where no meeting is recorded', async () => {
    served({ 'GET /api/development/steps': { items: VOTED } })
    await opened()
    expect(readable()).toContain('人工填写')
  })

  it('greys the superior’s step for a branch and says who does it', async () => {
    const file = fileOf({ mine: false, waits_for: 'superior' })
    served({}, { ...file, now: { ...file.now!, may: false, why_not: '由上级党委办理' } })
    await opened()
    expect(readable()).toContain('由上级党委办理')
    expect(button('完成这一步').disabled).toBe(true)
    expect(document.querySelector('form')).toBeNull()
  })

  it('says from when on a step can be taken while it is too early', async () => {
    const file = fileOf()
    served({}, { ...file, now: { ...file.now!, from: '2026-04-01', refusals: [{ rule: 'DEV-07', field: null, message: '培养教育不满一年。', code: 'x', warning: false }] } })
    await opened()
    expect(readable()).toContain('培养教育不满一年。')
    expect(readable()).toContain('最早 2026年4月1日 才能办理。')
    expect(button('完成这一步').disabled).toBe(true)
  })

  it('shows who did a past step and when', async () => {
    served()
    await opened()
    ;[...document.querySelectorAll<HTMLButtonElement>('nav button')].find(one => one.textContent?.includes('递交入党申请书'))?.click()
    await settle()
    expect(readable()).toContain('申请书份数1')
    expect(readable()).toContain('赵磊')
  })

  it('takes the last step back with a reason', async () => {
    const asked = served({ 'POST /api/development/9/back': fileOf({ version: 4 }) })
    await opened()
    await press('退回上一步')
    await fill('事由', '申请书日期填错了')
    await send(document.querySelector('.el-dialog form'))
    // A trial of the step may be asked for at the same time.
    expect(asked.find(({ path }) => path.endsWith('/back'))?.body).toEqual({ version: 3, reason: '申请书日期填错了' })
    expect(readable()).toContain('已退回上一步')
  })

  it('counts the days of probation', async () => {
    served({}, fileOf({ probation: { from: '2025-06-01', until: '2026-06-01', extended: false, days_left: 88 } }))
    await opened()
    expect(readable()).toContain('还有 88 天期满')
  })
})
