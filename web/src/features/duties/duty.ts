// How duties are shown: their state as a word and a tone, the months they stand in.
import type { Schemas } from '@/api/types'

export type Duty = Schemas['Duty']

export function toneOf(duty: Duty): { tone: 'late' | 'wait' | 'good' | 'quiet' | 'info'; text: string } {
  switch (duty.status) {
    case 'overdue':
      return { tone: 'late', text: duty.overdue_days ? `逾期 ${duty.overdue_days} 天` : '逾期' }
    case 'due':
      return { tone: 'wait', text: duty.days_left ? `还有 ${duty.days_left} 天` : '今天到期' }
    case 'done':
      return duty.was_late ? { tone: 'info', text: '已补办' } : { tone: 'good', text: '已办' }
    case 'excused':
      return { tone: 'quiet', text: '已免办' }
    default:
      return { tone: 'quiet', text: '未到时间' }
  }
}

/** What needs a hand now: overdue first, then what is due soonest. */
export function pressing(duties: readonly Duty[]) {
  const rank = (duty: Duty) => (duty.status === 'overdue' ? 0 : 1)
  return duties.filter(duty => duty.status === 'overdue' || duty.status === 'due').sort((a, b) => rank(a) - rank(b) || a.due.localeCompare(b.due))
}

/** The twelve months of a year, each with the duties whose last day lies in it. */
export function byMonth(duties: readonly Duty[], year: number) {
  return Array.from({ length: 12 }, (_, n) => {
    const prefix = `${year}-${String(n + 1).padStart(2, '0')}`
    return { month: n + 1, duties: duties.filter(duty => duty.due.startsWith(prefix)) }
  })
}

/** 已办 9 / 应办 12: done and excused of those whose time has come. */
export function share(counts: Schemas['DutyCounts']) {
  const come = counts.done + counts.excused + counts.due + counts.overdue
  return { done: counts.done + counts.excused, come, percent: come ? Math.round(((counts.done + counts.excused) * 100) / come) : 100 }
}
