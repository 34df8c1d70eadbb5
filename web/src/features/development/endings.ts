// The ways in which a case ends before its time.
import type { Schemas } from '@/api/types'

export type EndKind = Schemas['EndKind']
export const ENDINGS: readonly { kind: EndKind; name: string }[] = [
  { kind: 'withdrawn', name: '本人撤回申请' },
  { kind: 'review_failed', name: '政治审查不合格' },
  { kind: 'vote_failed', name: '支部大会未通过' },
  { kind: 'not_approved', name: '上级党委不批准' },
  { kind: 'left', name: '调离本企业' },
  { kind: 'other', name: '其他' },
]
