// How pressing an item is, in a word and a tone.
import type { Schemas } from '@/api/types'
import { untilText } from '@/shared/format'

type WorkItem = Schemas['WorkItem']

export function dueOf(item: WorkItem, today: string): { tone: 'late' | 'wait'; text: string } | null {
  if (item.overdue_days && item.overdue_days > 0) return { tone: 'late', text: `逾期 ${item.overdue_days} 天` }
  if (!item.due) return null
  return { tone: item.due < today ? 'late' : 'wait', text: untilText(item.due, today) }
}
