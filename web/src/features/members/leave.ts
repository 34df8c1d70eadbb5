// The ways in which somebody leaves the register. Each is decided by the organisation by its own procedure; here it is only written down.
import type { Schemas } from '@/api/types'

export type LeaveKind = Schemas['LeaveKind']
export const LEAVES: { kind: LeaveKind; name: string; what: string }[] = [
  { kind: 'transferred_out', name: '转出到系统外', what: '组织关系转到本单位以外的党组织。转到本单位的支部，请用“发起接转”。' },
  { kind: 'died', name: '去世', what: '不再计入党员人数，档案保留。' },
  { kind: 'withdrawn', name: '退党', what: '支部大会讨论后宣布除名，并报上级党组织备案的。' },
  { kind: 'removed', name: '除名', what: '自行脱党、劝退等，上级党组织已经批准的。' },
  { kind: 'expelled', name: '开除党籍', what: '党纪处分已经批准的。' },
  { kind: 'suspended', name: '停止党籍', what: '失去联系 6 个月以上、查找无果，上级党委已经批准的（EDU-05）。' },
  { kind: 'cancelled', name: '取消预备党员资格', what: '支部大会已作出决议、上级党委已经批准的。' },
]
/** 取消预备党员资格 is for probationary members only; suspension and expulsion are for members. */
export function mayLeave(kind: LeaveKind, stage: Schemas['Stage']) {
  const member = stage === 'full' || stage === 'probationary'
  if (kind === 'cancelled') return stage === 'probationary' ? '' : '只用于预备党员'
  if (kind === 'suspended' || kind === 'expelled' || kind === 'removed' || kind === 'withdrawn') return member ? '' : '只用于党员'
  return ''
}
