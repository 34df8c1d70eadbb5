// The words of the kinds and ways of notices, and the inbox by days.
import type { Schemas } from '@/api/types'
import { instant } from '@/shared/format'

export type Notice = Schemas['Notice']
export type Kind = Schemas['NoticeKind']

export const KINDS: readonly { key: Kind; name: string; tone: 'late' | 'wait' | 'info' }[] = [
  { key: 'reminder', name: '到期提醒', tone: 'wait' },
  { key: 'overdue', name: '逾期提醒', tone: 'late' },
  { key: 'escalation', name: '下级逾期', tone: 'late' },
  { key: 'message', name: '通知', tone: 'info' },
]
export const kindOf = (key: Kind) => KINDS.find(kind => kind.key === key) ?? KINDS[3]!
export const WAY_NAMES: Record<Schemas['NoticeWay'], string> = { mail: '邮件', webhook: '企业消息' }

export interface Day {
  day: string
  items: Notice[]
}

/** What waits, then what has been read, each by days as the list brings them. */
export function byDays(notices: readonly Notice[]) {
  const parts = [
    { key: 'unread', name: '未读', days: [] as Day[] },
    { key: 'read', name: '已读', days: [] as Day[] },
  ]
  for (const notice of notices) {
    const days = parts[notice.unread ? 0 : 1]!.days
    const day = instant(notice.created_at).slice(0, 10)
    const last = days.at(-1)
    if (last?.day === day) last.items.push(notice)
    else days.push({ day, items: [notice] })
  }
  return parts.filter(part => part.days.length)
}

/** 07:00 */
export const hourText = (hour: number) => `${String(hour).padStart(2, '0')}:00`
export const HOURS = Array.from({ length: 24 }, (_, hour) => ({ value: hour, label: hourText(hour) }))
