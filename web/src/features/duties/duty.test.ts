import { beforeEach, describe, expect, it } from 'vitest'
import { putSession } from '@/session/session'
import { control, open, press, readable, settle } from '@/testing/open'
import { serve, sessionOf } from '@/testing/server'
import BranchYear from './BranchYear.vue'
import MeasureDialog from './MeasureDialog.vue'
import { byMonth, pressing, share, toneOf, type Duty } from './duty'

const duty = (part: Partial<Duty>) =>
  ({
    key: 'k', rule: 'MEET-01', activity: 'members_meeting', activity_name: '支部党员大会', title: '召开第 4 季度支部党员大会', period_name: '2026年第4季度', org_id: '2', org_name: '第一党支部',
    from: '2026-10-01', due: '2026-12-31', remind_from: '2026-12-16', n: 1, times: 1, hint: false, holder: 'organisation', status: 'due', was_late: false, link: '/meetings?new=members_meeting&org=2', button: '去安排', ...part,
  }) as Duty
const COUNTS = { upcoming: 1, due: 1, overdue: 1, done: 8, excused: 1 }

describe('duties', () => {
  it('stand in the month of their last day', () => {
    const months = byMonth([duty({ due: '2026-01-31' }), duty({ due: '2026-12-31' }), duty({ due: '2027-01-31' })], 2026)
    expect(months.map(({ duties }) => duties.length)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  })

  it('press most when overdue, then by their last day', () => {
    const list = [duty({ key: 'a', due: '2026-12-31' }), duty({ key: 'b', due: '2026-11-30' }), duty({ key: 'c', status: 'overdue', due: '2026-12-01' }), duty({ key: 'd', status: 'done' })]
    expect(pressing(list).map(({ key }) => key)).toEqual(['c', 'b', 'a'])
  })

  it('are said in words, never by colour alone', () => {
    expect(toneOf(duty({ status: 'overdue', overdue_days: 3 })).text).toBe('逾期 3 天')
    expect(toneOf(duty({ days_left: 0 })).text).toBe('今天到期')
    expect(toneOf(duty({ status: 'done', was_late: true })).text).toBe('已补办')
  })

  it('count as done what was excused, of what has come', () => {
    expect(share(COUNTS)).toEqual({ done: 9, come: 11, percent: 82 })
    expect(share({ upcoming: 3, due: 0, overdue: 0, done: 0, excused: 0 }).percent).toBe(100)
  })
})

describe('the year of a branch', () => {
  beforeEach(() => putSession(sessionOf('secretary')))
  const year = { org_id: '2', org_name: '第一党支部', year: 2026, started_on: '2026-01-01', counts: COUNTS, learning: { upcoming: 0, due: 0, overdue: 0, done: 0, excused: 0 }, persons: [] }

  it('shows what needs a hand with one button, and asks the superior to excuse it', async () => {
    const late = duty({ status: 'overdue', overdue_days: 2 })
    const asked = serve({ 'GET /api/duties/year': { ...year, items: [late] }, 'GET /api/excuses': { items: [] }, 'POST /api/excuses': { id: '9' } })
    await open(BranchYear, { props: { org: '2', year: 2026 } })
    await settle()
    expect(readable()).toContain('逾期 2 天')
    await press('申请免办')
    await settle()
    const reason = control('事由')
    reason.value = '多数党员外出执行任务'
    reason.dispatchEvent(new Event('input'))
    await press('报上级申请')
    await settle()
    const sent = asked.find(one => one.method === 'POST')
    expect(sent?.body).toEqual({ duty_key: 'k', reason: '多数党员外出执行任务' })
  })

  it('is calm when nothing is due and says when the next reminder comes', async () => {
    serve({ 'GET /api/duties/year': { ...year, items: [duty({ status: 'upcoming', remind_from: '2026-12-16' })] }, 'GET /api/excuses': { items: [] } })
    await open(BranchYear, { props: { org: '2', year: 2026 } })
    await settle()
    expect(readable()).toContain('目前没有到期的事项。下一项从 2026年12月16日 开始提醒。')
  })
})

describe('a number of the regulations', () => {
  it('may not be made laxer', async () => {
    putSession(sessionOf('party_staff'))
    serve({})
    await open(MeasureDialog, { props: { measure: { key: 'learning_hours', rule: 'EDU-01', name: '党员集中学习培训每年', unit: '学时', regulated: 32, own: null, value: 30, allowed: 'more' } } })
    await settle()
    expect(readable()).toContain('规定为 32 学时，只能提高。')
  })
})
