// 发展党员: the words of cases and steps, and the twenty-five steps as the server describes them.
import { api, ok } from '@/api/client'
import type { Schemas } from '@/api/types'
import { untilText } from '@/shared/format'

export type Case = Schemas['DevelopmentCase']
export type CaseRow = Schemas['CaseRow']
export type CaseStep = Schemas['CaseStep']
export type CasePaper = Schemas['CasePaper']
export type Offer = Schemas['StepNow']
export type Refusal = Schemas['StepRefusal']
export type Step = Schemas['DevelopmentStep']
export type Stage = Schemas['DevelopmentStage']
export type StepField = Schemas['StepField']
export type StepValue = Schemas['StepValue']
export type Values = Record<string, StepValue>
export type VoteCounts = Schemas['VoteCounts']

export const LAST_STEP = 25

export const STATES = [
  { state: 'open', name: '在办' },
  { state: 'suspended', name: '暂缓' },
  { state: 'finished', name: '已转正归档' },
  { state: 'ended', name: '已终止' },
] as const
export type State = (typeof STATES)[number]['state']

/** For whom a case waits, as the reader should hear it. */
export function waitsText({ mine, waits_for }: Pick<CaseRow, 'mine' | 'waits_for'>): string {
  if (mine) return waits_for === 'applicant' ? '等本人，由我登记' : '等我办理'
  return waits_for === 'superior' ? '等上级党委办理' : waits_for === 'branch' ? '等党支部办理' : waits_for === 'applicant' ? '等本人办理' : ''
}

/** A time limit closer than this is pointed out. */
const SOON_DAYS = 30
/** How a time limit is said; nothing while it is far. */
export function limitOf({ due, overdue_days }: Pick<CaseStep, 'due' | 'overdue_days'>, today: string): { tone: 'late' | 'wait'; text: string } | null {
  if (overdue_days && overdue_days > 0) return { tone: 'late', text: `逾期 ${overdue_days} 天` }
  if (!due || due > addDays(today, SOON_DAYS)) return null
  return { tone: due < today ? 'late' : 'wait', text: untilText(due, today) }
}
function addDays(date: string, days: number) {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)
}

let stages: Promise<Stage[]> | undefined
/** The five stages with their steps: the same for everybody, asked for once. */
export function loadStages(): Promise<Stage[]> {
  stages ??= ok(api.GET('/api/development/steps')).then(({ items }) => items)
  stages.catch(() => (stages = undefined))
  return stages
}
/** For tests, which answer anew every time. */
export function forgetStages() {
  stages = undefined
}

export const STAGE_NAMES = ['申请入党', '入党积极分子的确定和培养教育', '发展对象的确定和考察', '预备党员的接收', '预备党员的教育考察和转正'] as const
