// Which side of a transfer this account stands on, how its time limit is said, and what may be done with it.
import type { Schemas } from '@/api/types'
import { daysBetween, untilText } from '@/shared/format'

export type Transfer = Schemas['Transfer']
const SOON_DAYS = 7

/** An inner transfer has both its ends with this account, so it stands in both of the first two views. */
export const VIEWS = [
  { view: 'in', name: '等待接收', state: 'pending', fits: ({ direction }: Transfer) => direction !== 'out', empty: '没有等待接收的同志', why: '其他组织发起接转、要转到这里时，会出现在这里。' },
  { view: 'out', name: '已发出', state: 'pending', fits: ({ direction }: Transfer) => direction !== 'in', empty: '没有等待对方接收的同志', why: '在党员档案里点“发起接转”，对方接收以前会在这里。' },
  { view: 'decided', name: '已办结', state: 'decided', fits: ({ state }: Transfer) => state !== 'pending', empty: '还没有办结的接转', why: '接收、退回和撤回的接转会留在这里备查。' },
] as const
export type View = (typeof VIEWS)[number]['view']

export function limitOf(transfer: Transfer, today: string): { tone: 'late' | 'wait' | 'quiet'; text: string } {
  if (transfer.overdue_days && transfer.overdue_days > 0) return { tone: 'late', text: `逾期 ${transfer.overdue_days} 天` }
  const days = daysBetween(today, transfer.due)
  return { tone: days < 0 ? 'late' : days <= SOON_DAYS ? 'wait' : 'quiet', text: untilText(transfer.due, today) }
}

export const OUTCOMES = {
  accepted: { tone: 'good', text: '已接收' },
  rejected: { tone: 'late', text: '已退回' },
  withdrawn: { tone: 'quiet', text: '已撤回' },
} as const
