// What the list of members is narrowed by, as it stands in the address.
import type { LocationQuery } from 'vue-router'
import type { Schemas } from '@/api/types'

export interface MemberFilter {
  q: string
  org: string
  stage: string
  education: string
  gender: string
  /** A condition handed over by the statistics page, in its vocabulary. */
  where: string
}
export const NO_FILTER: MemberFilter = { q: '', org: '', stage: '', education: '', gender: '', where: '' }

export const STAGES: { stage: Schemas['Stage']; name: string }[] = [
  { stage: 'full', name: '正式党员' },
  { stage: 'probationary', name: '预备党员' },
  { stage: 'candidate', name: '发展对象' },
  { stage: 'activist', name: '入党积极分子' },
  { stage: 'applicant', name: '入党申请人' },
]

type Key = keyof MemberFilter
const KEYS = Object.keys(NO_FILTER) as Key[]

export function filterOf(query: LocationQuery): MemberFilter {
  return Object.fromEntries(KEYS.map(key => [key, typeof query[key] === 'string' ? query[key] : ''])) as unknown as MemberFilter
}
/** The filters that are set. */
export function queryOf(filter: MemberFilter): Partial<MemberFilter> {
  return Object.fromEntries(KEYS.filter(key => filter[key]).map(key => [key, filter[key]]))
}
