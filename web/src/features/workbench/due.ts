// How pressing an item is, in a word and a tone.
import type { Schemas } from '@/api/types'
import { daysBetween, untilText } from '@/shared/format'

type WorkItem = Schemas['WorkItem']
const SOON_DAYS = 7

export function dueOf(item: WorkItem, today: string): { tone: 'late' | 'wait' | 'quiet'; text: string } | null {
  if (item.overdue_days && item.overdue_days > 0) return { tone: 'late', text: `逾期 ${item.overdue_days} 天` }
  if (!item.due) return null
  const days = daysBetween(today, item.due)
  return { tone: days < 0 ? 'late' : days <= SOON_DAYS ? 'wait' : 'quiet', text: untilText(item.due, today) }
}
