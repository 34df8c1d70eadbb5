// What a meeting is on the screen: its states as steps of a track, its words, and where a missing thing is written.
import type { Schemas } from '@/api/types'

export type Meeting = Schemas['MeetingDetail']
export type MeetingHead = Schemas['MeetingHead']
export type Attendee = Schemas['AttendeeShown']
export type Item = Schemas['ItemShown']
export type Resolution = Schemas['ResolutionShown']
export type Refusal = Schemas['RefusalShown']
export type State = Schemas['MeetingState']
type Tone = 'late' | 'wait' | 'good' | 'info' | 'quiet'

export const STEPS = ['计划', '通知', '签到', '议程与表决', '记录', '确认', '归档'] as const
export type Step = (typeof STEPS)[number]

/** The step that is to be done now; null when nothing is. */
export function presentStep(meeting: Pick<Meeting, 'state' | 'missing'>): Step | null {
  const step: Record<State, Step | null> = {
    planned: '通知',
    noticed: '签到',
    open: '议程与表决',
    closed: meeting.missing.length ? '记录' : '确认',
    confirmed: '归档',
    archived: null,
    cancelled: null,
  }
  return step[meeting.state]
}

/** How each step stands. While the meeting is open, checking in goes on beside the agenda. */
export function trackOf(meeting: Pick<Meeting, 'state' | 'missing'>): { step: Step; stands: 'done' | 'now' | 'ahead' }[] {
  const now = presentStep(meeting)
  const at = now ? STEPS.indexOf(now) : meeting.state === 'archived' ? STEPS.length : 0
  return STEPS.map((step, index) => ({ step, stands: step === now ? 'now' : index < at ? 'done' : 'ahead' }))
}

const TONES: Record<State, Tone> = { planned: 'info', noticed: 'wait', open: 'wait', closed: 'wait', confirmed: 'wait', archived: 'good', cancelled: 'quiet' }

/** A meeting's state; one whose day has passed without being held says so. */
export function badgeOf(meeting: { state: State; state_name: string; on: string }, today: string): { tone: Tone; text: string } {
  if ((meeting.state === 'planned' || meeting.state === 'noticed') && meeting.on < today) return { tone: 'late', text: '日期已过' }
  return { tone: TONES[meeting.state], text: meeting.state_name }
}

export const COMES = {
  awaited: { tone: 'wait', text: '未登记' },
  present: { tone: 'good', text: '到会' },
  absent: { tone: 'late', text: '缺席' },
  excused: { tone: 'quiet', text: '不作要求' },
} as const
export const WAYS = { code: '扫码签到', link: '远程签到', proxy: '代为登记' } as const

const WEEKDAYS = ['日', '一', '二', '三', '四', '五', '六']
/** 11月24日 周二 14:30 */
export function whenText(on: string, at?: string | null) {
  const [, month, day] = on.split('-').map(Number)
  return `${month}月${day}日 周${WEEKDAYS[new Date(`${on}T00:00:00Z`).getUTCDay()]}${at ? ` ${at}` : ''}`
}

/** The time of the desk's clock: 14:05. */
export function clockNow(now = new Date()) {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(now.getHours())}:${two(now.getMinutes())}`
}

const SHORT: Record<string, string> = {
  members_meeting: '支部党员大会',
  committee_meeting: '支部委员会会议',
  group_meeting: '党小组会',
  party_lecture: '党课',
  theme_day: '主题党日',
  organisation_life_meeting: '组织生活会',
  democratic_appraisal: '民主评议党员',
  heart_talk: '谈心谈话',
}
const BY_QUARTER = new Set(['members_meeting', 'party_lecture'])
const BY_YEAR = new Set(['organisation_life_meeting', 'democratic_appraisal', 'heart_talk'])

/** A usual name: 2026年第四季度支部党员大会暨主题党日. */
export function usualTitle(activities: readonly string[], on: string) {
  const [first] = activities
  if (!first || !on) return ''
  const [year, month] = on.split('-').map(Number)
  const quarter = '一二三四'[Math.ceil((month ?? 1) / 3) - 1]
  const period = BY_QUARTER.has(first) ? `第${quarter}季度` : BY_YEAR.has(first) ? '' : `${month}月`
  return `${year}年${period}${activities.map(key => SHORT[key] ?? key).join('暨')}`
}

/** Hours that such a meeting usually gives, in tenths. */
export function usualHours(activities: readonly string[]) {
  return activities.some(key => key === 'party_lecture' || key === 'theme_day') ? 20 : 0
}

/** Tenths of an hour as hours: 20 → "2", 15 → "1.5". */
export function hoursText(tenths: number) {
  return String(tenths / 10)
}

/** Whether such a meeting has to resolve something, or say that it did not. */
export function resolves(meeting: Meeting) {
  return meeting.plan.activities.some(({ key }) => key === 'members_meeting' || key === 'committee_meeting')
}

/** Where on the page a missing thing is written: the part of the page, and whether it belongs to the plan's form. */
export function placeOf(field: string): { anchor: string; inPlan: boolean } {
  const [, first = '', id = ''] = field.split('/')
  if (['place', 'host', 'recorder', 'title', 'at', 'invited', 'activities'].includes(first)) return { anchor: 'plan', inPlan: true }
  if (first === 'attendees') return { anchor: 'roll', inPlan: false }
  if (first === 'items') return { anchor: id ? `notes-${id}` : 'agenda', inPlan: false }
  if (first === 'resolutions') return { anchor: id ? `resolution-${id}` : 'agenda', inPlan: false }
  return { anchor: 'times', inPlan: false }
}
