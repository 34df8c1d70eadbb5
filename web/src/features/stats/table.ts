// The server's rows as a table to read and to draw. Pure.
import type { Schemas } from '@/api/types'
import { people } from '@/shared/format'
import { readRange, UNITS } from './bands'
import { whereText, withFilter, type Filter, type Query } from './query'
import { UNKNOWN, valuesOf, type Vocabulary } from './words'

export interface OrgKey {
  id: string
  code: string
  name: string
}
/** The answer of /api/stats, with the organisations of its rows where it counts by organisation. */
export type StatsTable = Schemas['StatsTable'] & { orgs?: OrgKey[] }
/** A count; where it is not shown, it is 0 and `shown` says what stands in its place. */
export interface Count {
  values: string[]
  count: number
  shown?: string
}

export function countsOf({ by, rows }: Pick<Schemas['StatsTable'], 'by' | 'rows'>): Count[] {
  return rows.map(row => ({ values: by.map(key => String(row[key] ?? UNKNOWN)), ...figureOf(row.count, row.shown) }))
}

/** A number of the server, or what it shows in its place. */
export function figureOf(count: unknown, shown: unknown): Pick<Count, 'count' | 'shown'> {
  return typeof shown === 'string' ? { count: 0, shown } : { count: Number(count ?? 0) }
}
export const HIDDEN = '不显示'
/** The sum of counts; not shown where one of them is not. */
export function sumOf(counts: readonly Pick<Count, 'count' | 'shown'>[]): Pick<Count, 'count' | 'shown'> {
  return counts.some(({ shown }) => shown) ? { count: 0, shown: HIDDEN } : { count: total(counts.map(({ count }) => count)) }
}
export const totalOf = (table: StatsTable) => figureOf(table.total, table.total_shown)
/** 1,203 人, or what is shown in its place. */
export const peopleOf = ({ count, shown }: Pick<Count, 'count' | 'shown'>) => (shown ? `${shown} 人` : people(count))

/** Distinct values in the dimension's order, what is not in it as it came, 未填 last. */
export function ordered(values: Iterable<string>, key: string, bands: string, vocabulary: Vocabulary): string[] {
  const found = [...new Set(values)]
  if (key === 'joined_year') return found.sort((one, other) => (one === UNKNOWN ? 1 : other === UNKNOWN ? -1 : Number(one) - Number(other)))
  const known = new Map(valuesOf(vocabulary, key, bands).map((value, place) => [value, place]))
  const place = (value: string) => (value === UNKNOWN ? Infinity : (known.get(value) ?? known.size))
  return found.map((value, nth) => ({ value, nth })).sort((one, other) => (place(one.value) - place(other.value) || one.nth - other.nth)).map(({ value }) => value)
}

/** A grid of one or two dimensions: what charts draw. Further dimensions are added up. */
export interface Grid {
  categories: string[]
  series: { name: string; values: number[] }[]
}

export function gridOf(counts: readonly Count[], query: Query, vocabulary: Vocabulary): Grid {
  const [first = '', second] = query.by
  const categories = ordered(counts.map(({ values }) => values[0] ?? ''), first, query.bands, vocabulary)
  const names = second ? ordered(counts.map(({ values }) => values[1] ?? ''), second, query.bands, vocabulary) : ['人数']
  const series = names.map(name => ({ name, values: categories.map(() => 0) }))
  const row = new Map(categories.map((name, place) => [name, place]))
  const column = new Map(names.map((name, place) => [name, place]))
  for (const { values, count } of counts) {
    const into = series[second ? (column.get(values[1] ?? '') ?? 0) : 0]
    const at = row.get(values[0] ?? '') ?? 0
    if (into) into.values[at] = (into.values[at] ?? 0) + count
  }
  return { categories, series }
}

export const total = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0)

/** The conditions of one figure, or null when the list of members cannot express them. */
export function conditionsOf(filters: readonly Filter[], keys: readonly string[], values: readonly string[]): Filter[] | null {
  let all = [...filters]
  for (const [nth, key] of keys.entries()) {
    const value = values[nth]
    if (key === 'org' || value === undefined) continue
    const said = all.find(filter => filter.key === key)
    if (said && !said.values.includes(value) && !within(key, value, said.values)) return null
    all = withFilter(all, key, [value])
  }
  return all
}

/** Whether a band lies wholly inside a range that was asked for. */
function within(key: string, value: string, wanted: readonly string[]): boolean {
  if (key === 'ethnicity' && wanted.includes('少数民族')) return value !== '汉族' && value !== UNKNOWN
  const [range, inner] = [readRange(wanted[0] ?? ''), readRange(value)]
  if (!UNITS[key] || wanted.length !== 1 || !range || !inner) return false
  return (inner.min ?? 0) >= (range.min ?? 0) && (inner.max ?? Infinity) <= (range.max ?? Infinity)
}

/** Whether a row counts an organisation without its subordinates: nothing lies below it, and no list shows only its own members. */
export const isOwnLevel = (table: StatsTable, org: OrgKey) => org.id === table.org?.id || org.name.includes('（本级）')

/** Where the members behind one figure are listed; null when the list cannot show them (another day, part of a band). */
export function membersLink(query: Query, table: StatsTable, today: string, keys: readonly string[] = [], values: readonly string[] = []) {
  if (query.years || table.as_of !== today) return null
  const filters = conditionsOf(query.filters, keys, values)
  if (!filters) return null
  const nth = keys.indexOf('org')
  const named = nth >= 0 ? table.orgs?.find(({ name }) => name === values[nth]) : undefined
  if (nth >= 0 && (!named || isOwnLevel(table, named))) return null
  const org = named?.id ?? table.org?.id
  const where = whereText(filters)
  return { path: '/members', query: { ...(org ? { org } : {}), ...(where ? { where } : {}) } }
}

/** 12.3%; a dash where one of the two is nobody or not shown. */
export function percent(part: Pick<Count, 'count' | 'shown'>, whole: Pick<Count, 'count' | 'shown'> | undefined): string {
  return whole && whole.count > 0 && !part.shown && !whole.shown ? `${((part.count / whole.count) * 100).toFixed(1)}%` : '—'
}
