import { beforeEach, describe, expect, it } from 'vitest'
import { putSession } from '@/session/session'
import { button, open, press, readable, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import { countFault, progress, surplusWords, type Election } from './election'
import ElectionPage from './ElectionPage.vue'

const person = (n: number, name: string) => ({ person_id: String(n), name })
const ELECTION = {
  id: '5', org_id: '2', org_name: '第一党支部', kind: 're_election', kind_name: '换届选举', state: 'held', state_name: '计票', planned_on: '2026-11-20',
  held_on: '2026-11-20', version: 6, seats: 3, committee: true, term_end: '2026-12-01',
  candidates: [person(1, '丁一'), person(2, '王二'), person(3, '张三'), person(4, '李四')], tellers: [person(8, '周八')],
  request: { on: '2026-06-01', note: '' }, reply: { on: '2026-06-10', note: '' }, returned: null,
  assembly: { on: '2026-11-20', place: '会议室', expected: 20, present: 18 }, rounds: [],
  next_round: { number: 1, seats: 3, candidates: [person(1, '丁一'), person(2, '王二'), person(3, '张三'), person(4, '李四')] },
  elected: [], empty_seats: 3, posts: [], report: null, confirmation: null,
  thresholds: { electors: 20, candidates: 4, quorum: 16, votes: 11, surplus_percent: 20 }, may_act: true, superior: false,
} as Election

describe('an election', () => {
  beforeEach(() => putSession(sessionOf('secretary')))
  const show = async (election: Election, more = {}) => {
    const asked = serve({ 'GET /api/elections/5': election, 'GET /api/elections/5/electors': { items: election.candidates }, ...more })
    await open(ElectionPage, { props: { id: '5' } })
    await settle()
    return asked
  }

  it('says the arithmetic of its thresholds', () => {
    expect(surplusWords(ELECTION)).toBe('应选 3 人，差额 20% 取整为 1 人，候选人至少 4 人')
    expect(countFault({ in_favour: 10, against: 7, abstained: 0 }, 18)).toBe('合计 17 票，应等于有效票 18 张。')
    expect(countFault({ in_favour: 10, against: 7, abstained: 1 }, 18)).toBe('')
    expect(progress('held')).toBe(3)
  })

  it('does not let a round be declared whose votes do not add up', async () => {
    await show(ELECTION)
    expect(readable()).toContain('11 票以上')
    expect(readable()).toContain('合计 0 票，应等于有效票 18 张。')
    expect(button('宣布本轮结果').disabled).toBe(true)
  })

  it('tells the branch that its superior has to decide', async () => {
    await show({ ...ELECTION, state: 'requested', may_act: false, superior: true })
    expect(readable()).toContain('由上级党组织办理')
    expect(() => button('同意换届')).toThrow()
  })

  it('shows a refusal and keeps what was typed', async () => {
    await show(
      { ...ELECTION, state: 'requested', may_act: true, superior: true },
      { 'POST /api/elections/5/decisions': problem(422, 'bad_date', '请核对。', [{ pointer: '/on', code: 'bad_date', message: '日期早于请示日期。' }]) },
    )
    await press('同意换届')
    await settle()
    expect(readable()).toContain('日期早于请示日期。')
  })

  it('shows every result with its reason', async () => {
    const count = { person_id: '1', name: '丁一', in_favour: 17, against: 1, abstained: 0, written: false, verdict: 'elected', reason: '须超过半数即 11 票以上，得 17 票，当选（ELEC-05）' }
    await show({ ...ELECTION, state: 'confirmed', next_round: null, may_act: false, rounds: [{ seats: 3, issued: 18, returned: 18, invalid: 0, valid: 18, void: false, counts: [count] }] })
    expect(readable()).toContain('得 17 票，当选')
    expect(readable()).toContain('新任职务和任期已登记')
  })
})
