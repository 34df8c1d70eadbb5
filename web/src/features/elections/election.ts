// The steps of an election as its page shows them, and the way they are taken.
import { api, ok } from '@/api/client'
import type { Schemas } from '@/api/types'

export type Election = Schemas['ElectionView']
export type Step = Schemas['StepBody']

/** The track, in order; `state` is the state in which the step is to be taken. */
export const TRACK = [
  { state: 'preparing', name: '提名请示', superior: false },
  { state: 'requested', name: '上级批复', superior: true },
  { state: 'approved', name: '选举大会', superior: false },
  { state: 'held', name: '计票', superior: false },
  { state: 'elected', name: '分工', superior: false },
  { state: 'assigned', name: '报告结果', superior: false },
  { state: 'reported', name: '上级批准', superior: true },
  { state: 'confirmed', name: '完成', superior: false },
] as const

/** How far the election has come on the track; a given-up one is nowhere. */
export function progress(state: string) {
  return TRACK.findIndex(step => step.state === state)
}

export const take = (election: Election, step: Step) =>
  ok(api.POST('/api/elections/{id}/steps', { params: { path: { id: election.id } }, body: step }))

export const decide = (election: Election, decision: Schemas['DecisionBody']) =>
  ok(api.POST('/api/elections/{id}/decisions', { params: { path: { id: election.id } }, body: decision }))

/** 「应选 5 人 × 20% = 1（取整向上），候选人至少 6 人」: the arithmetic of ELEC-03. */
export function surplusWords(election: Election) {
  const { candidates, surplus_percent: percent } = election.thresholds
  if (!election.committee) return `应选 ${election.seats} 人，不设支部委员会，由党员大会直接选举书记、副书记`
  return `应选 ${election.seats} 人，差额 ${percent}% 取整为 ${candidates - election.seats} 人，候选人至少 ${candidates} 人`
}

/** What a candidate's votes must add up to, or where they do not. */
export function countFault(count: { in_favour: number; against: number; abstained: number }, valid: number) {
  const sum = count.in_favour + count.against + count.abstained
  return sum === valid ? '' : `合计 ${sum} 票，应等于有效票 ${valid} 张。`
}
