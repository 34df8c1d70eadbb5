// A statistics question as this page holds it, and its two written forms: the page's address and the server's parameters. Pure.
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { Schemas } from '@/api/types'

/** A condition: one of these values. Years are written as 33岁及以下, 31–35岁, 2020年及以后. */
export interface Filter {
  key: string
  values: string[]
}
export interface Query {
  by: string[]
  filters: Filter[]
  /** The organisation's code; '' = everything the asker may see. */
  org: string
  /** YYYY-MM-DD; '' = today. */
  asOf: string
  /** Upper bounds of the bands as the server reads them; '' = the communiqué's. */
  bands: string
  /** A series over these years instead of one day. */
  years: { from: number; to: number } | null
  /** Shares of the same count without the conditions. */
  share: boolean
  /** Without small counts, for a table to give away. */
  hideSmall: boolean
  /** The plain question it came from; '' when it was put together or mended by hand. */
  q: string
}

export const MOST_DIMENSIONS = 3
const BLANK: Query = { by: [], filters: [], org: '', asOf: '', bands: '', years: null, share: false, hideSmall: false, q: '' }
/** What is shown before anything is asked: the age pyramid. */
export const FIRST: Query = { ...BLANK, by: ['age_band', 'gender'] }

const words = (text: string, mark: string) => text.split(mark).filter(Boolean)

export function readWhere(text: string): Filter[] {
  return words(text, ';').flatMap(clause => {
    const at = clause.indexOf('=')
    const values = words(clause.slice(at + 1), '|')
    return at > 0 && values.length ? [{ key: clause.slice(0, at), values }] : []
  })
}

export function whereText(filters: readonly Filter[]): string {
  return filters.map(({ key, values }) => `${key}=${values.join('|')}`).join(';')
}

/** The question of an address; null when it asks nothing. */
export function fromAddress(address: LocationQuery): Query | null {
  const get = (name: string) => {
    const value = address[name]
    return (Array.isArray(value) ? value[0] : value) ?? ''
  }
  if (!['by', 'where', 'org', 'as_of', 'from_year'].some(name => name in address)) return null
  const [from, to] = [Number(get('from_year')), Number(get('to_year'))]
  return {
    by: words(get('by'), ','),
    filters: readWhere(get('where')),
    org: get('org'),
    asOf: get('as_of'),
    bands: get('bands'),
    years: from && to ? { from, to } : null,
    share: get('share') === '1',
    hideSmall: get('small') === 'hide',
    q: get('q'),
  }
}

/** The address of a question. `by` is always named, so that a mere total is a question too. */
export function toAddress(query: Query): LocationQueryRaw {
  const parts: Record<string, string> = {
    q: query.q,
    where: whereText(query.filters),
    org: query.org,
    as_of: query.years ? '' : query.asOf,
    bands: query.bands,
    from_year: query.years ? String(query.years.from) : '',
    to_year: query.years ? String(query.years.to) : '',
    share: query.share ? '1' : '',
    small: query.hideSmall ? 'hide' : '',
  }
  return { by: query.by.join(','), ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value)) }
}

/** The question as the server takes it; what is empty is left out. */
export interface Params {
  by: string
  where: string
  org?: string
  as_of?: string
  bands?: string
  small?: string
}
export function toParams({ by, filters, org, asOf, bands, hideSmall }: Query): Params {
  return { by: by.join(','), where: whereText(filters), org: org || undefined, as_of: asOf || undefined, bands: bands || undefined, small: hideSmall ? 'hide' : undefined }
}

/** The question of a saved or understood query. */
export function fromParams(given: Schemas['StatsQuery'], rest: Partial<Pick<Query, 'years' | 'share' | 'q'>> = {}): Query {
  return { ...BLANK, by: words(given.by ?? '', ','), filters: readWhere(given.where ?? ''), org: given.org ?? '', asOf: given.as_of ?? '', bands: given.bands ?? '', ...rest }
}

/** The question with a part changed by hand: no longer the plain question it came from. */
export function mend(query: Query, part: Partial<Query>): Query {
  return { ...query, ...part, q: '' }
}

/** The filters with one set, replaced or (without values) taken away; the others keep their places. */
export function withFilter(filters: readonly Filter[], key: string, values: string[]): Filter[] {
  if (!values.length) return filters.filter(filter => filter.key !== key)
  if (!filters.some(filter => filter.key === key)) return [...filters, { key, values }]
  return filters.map(filter => (filter.key === key ? { key, values } : filter))
}
