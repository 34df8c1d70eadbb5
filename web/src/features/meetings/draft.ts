// A plan while it is being written: what the form holds, and what is sent.
import type { Schemas } from '@/api/types'
import type { Meeting } from './meeting'

export interface Chosen {
  person_id: string
  name: string
}
export interface PlanDraft {
  org: { id: string; name: string }
  activities: string[]
  title: string
  on: string
  at: string
  place: string
  host: Chosen | null
  recorder: Chosen | null
  invited: Chosen[]
  guests: string
  remote: boolean
  hours: string
  /** One item a line; only for a new meeting. */
  agenda: string
}

export function emptyDraft(org: { id: string; name: string }, activities: string[], on: string): PlanDraft {
  return { org, activities, title: '', on, at: '', place: '', host: null, recorder: null, invited: [], guests: '', remote: false, hours: '', agenda: '' }
}

export function draftOf(meeting: Meeting): PlanDraft {
  const { plan } = meeting
  return {
    org: { id: meeting.org_id, name: meeting.org_name },
    activities: plan.activities.map(({ key }) => key),
    title: plan.title,
    on: plan.on,
    at: plan.at ?? '',
    place: plan.place,
    host: plan.host ?? null,
    recorder: plan.recorder ?? null,
    invited: [...plan.invited],
    guests: plan.guests,
    remote: plan.remote,
    hours: plan.learning_tenths ? String(plan.learning_tenths / 10) : '',
    agenda: '',
  }
}

/** Hours as typed, in tenths; null when they are no hours. */
export function tenthsOf(hours: string): number | null {
  if (!hours.trim()) return 0
  const value = Number(hours)
  return Number.isFinite(value) && value >= 0 && value < 1000 ? Math.round(value * 10) : null
}

export function bodyOf(draft: PlanDraft): Omit<Schemas['PlanEdit'], 'version'> {
  return {
    activities: draft.activities,
    title: draft.title,
    on: draft.on,
    at: draft.at || null,
    place: draft.place,
    host: draft.host?.person_id ?? null,
    recorder: draft.recorder?.person_id ?? null,
    invited: draft.invited.map(({ person_id }) => person_id),
    guests: draft.guests,
    remote: draft.remote,
    learning_tenths: tenthsOf(draft.hours) ?? 0,
  }
}

export function agendaOf(text: string) {
  return text
    .split('\n')
    .map(line => line.replace(/^\s*(\d+|[一二三四五六七八九十]+)[.、．]\s*/, '').trim())
    .filter(Boolean)
}
