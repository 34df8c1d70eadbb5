// An organisation as it is being typed: every field a text, so that nothing is lost between tries.
import type { Schemas } from '@/api/types'
import { differencesOf } from '@/shared/useStale'
import { kindName, type OrgKind } from './kinds'

type OrgDetail = Schemas['OrgDetail']
export interface OrgDraft {
  kind: OrgKind
  name: string
  code: string
  unit_name: string
  uscc: string
  founded_on: string
  term_from: string
  term_years: number | null
}
type Key = keyof OrgDraft

export function draftOf(org: OrgDetail): OrgDraft {
  return {
    kind: org.kind,
    name: org.name,
    code: org.code,
    unit_name: org.unit_name ?? '',
    uscc: org.uscc ?? '',
    founded_on: org.founded_on ?? '',
    term_from: org.term_from ?? '',
    term_years: org.term_years ?? null,
  }
}

function tidy(draft: OrgDraft): OrgDraft {
  const cut = (text: string) => text.trim()
  return { ...draft, name: cut(draft.name), code: cut(draft.code), unit_name: cut(draft.unit_name), uscc: cut(draft.uscc).toUpperCase() }
}

/** What the draft changes about an organisation; nothing else is sent, so that an untouched field never overwrites another's edit. */
export function changed(from: OrgDraft, to: OrgDraft): Partial<OrgDraft> {
  const neat = tidy(to)
  const keys = (Object.keys(neat) as Key[]).filter(key => neat[key] !== from[key])
  return Object.fromEntries(keys.map(key => [key, neat[key]]))
}

/** Takes over what another changed in the fields that this draft leaves alone. */
export function rebase(draft: OrgDraft, old: OrgDraft, now: OrgDraft): OrgDraft {
  return { ...now, ...changed(old, draft) }
}

export function created(draft: OrgDraft) {
  const { kind, name, code, unit_name, uscc, founded_on, term_from, term_years } = tidy(draft)
  return { kind, name, code, unit_name: unit_name || null, uscc: uscc || null, founded_on: founded_on || null, term_from: term_from || null, term_years }
}

/** What is still missing, by field. */
export function missing(draft: OrgDraft): Record<string, string> {
  const found: Record<string, string> = {}
  if (!draft.name.trim()) found.name = '请填写组织名称。'
  if (!draft.code.trim()) found.code = '请填写组织编码。'
  return found
}

function facts(org: OrgDetail) {
  return [
    { label: '类别', value: kindName(org.kind) },
    { label: '组织名称', value: org.name },
    { label: '组织编码', value: org.code },
    { label: '上级组织', value: org.path.filter(({ id }) => id !== org.id).at(-1)?.name ?? '' },
    { label: '所在单位', value: org.unit_name ?? '' },
    { label: '统一社会信用代码', value: org.uscc ?? '' },
    { label: '成立日期', value: org.founded_on ?? '' },
    { label: '本届任期起始', value: org.term_from ?? '' },
    { label: '每届年数', value: org.term_years ? `${org.term_years} 年` : '' },
    { label: '撤销日期', value: org.dissolved_on ?? '' },
    { label: '职务', value: org.posts.filter(({ to }) => !to).map(post => `${post.post_name}${post.person_name}`).join('、') },
  ]
}
export function orgDifferences(old: OrgDetail, now: OrgDetail) {
  return differencesOf(facts(old), facts(now))
}
