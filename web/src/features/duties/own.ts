// Words for the duties of the enterprise's own.
import type { Schemas } from '@/api/types'

export const PERIODS: Record<Schemas['DutyPeriod'], string> = { month: '月', quarter: '季度', half_year: '半年', year: '年' }
export const KINDS: { kind: Schemas['OrgKind']; name: string }[] = [
  { kind: 'committee', name: '党委' },
  { kind: 'general_branch', name: '党总支' },
  { kind: 'branch', name: '党支部' },
  { kind: 'joint_branch', name: '联合党支部' },
  { kind: 'temporary_branch', name: '临时党支部' },
  { kind: 'group', name: '党小组' },
]
