// The words of the statistics: values in their order, conditions and whole questions as sentences. Pure.
import type { Schemas } from '@/api/types'
import { bandNames, joined, readBands } from './bands'
import type { Filter, Query } from './query'

export type Vocabulary = Schemas['StatsDimension'][]
export const UNKNOWN = '未填'

export const labelOf = (vocabulary: Vocabulary, key: string) => vocabulary.find(one => one.key === key)?.label ?? key

/** The values of a dimension in their order, in the bands of the query. */
export function valuesOf(vocabulary: Vocabulary, key: string, bands: string): string[] {
  const known = vocabulary.find(one => one.key === key)?.values ?? []
  const bounds = readBands(bands)[key]
  if (!bounds) return known
  return known.includes(UNKNOWN) ? [...bandNames(key, bounds), UNKNOWN] : bandNames(key, bounds)
}

const PREFIX: Record<string, string> = { education: '学历为', degree: '学位为', title_level: '职称为', occupation: '职业为', party_age_band: '党龄' }

/** 甲、乙或丙 */
const either = (names: string[]) => (names.length > 1 ? `${names.slice(0, -1).join('、')}或${names.at(-1)}` : names.join(''))

/** A condition as it stands before 的党员: 女性, 学历为大学本科或硕士研究生, 2020年及以后入党. */
export function conditionText({ key, values }: Filter): string {
  const named = joined(key, values).map(value => (key === 'joined_year' && /^\d+$/.test(value) ? `${value}年` : value))
  const list = named.length > 4 ? `${named.slice(0, 3).join('、')}等 ${named.length} 项` : either(named)
  if (key === 'gender') return `${list}性`
  if (key === 'joined_year' || key === 'joined_period') return `${list}入党`
  return `${PREFIX[key] ?? ''}${list}`
}

/** The question as one sentence. `org` = the organisation's name, '' for everything that may be seen. */
export function questionText(query: Query, org: string, vocabulary: Vocabulary): string {
  // 预备党员 says 党员 already.
  const status = query.filters.find(({ key, values }) => key === 'status' && values.length === 1)
  const conditions = query.filters.filter(filter => filter !== status).map(conditionText).join('、')
  const whom = `${org}${org && conditions ? '，' : ''}${conditions ? `${conditions}的` : ''}${status?.values[0] ?? '党员'}`
  const by = query.by.map(key => labelOf(vocabulary, key)).join('和')
  if (query.years) return `${query.years.from}–${query.years.to} 年，${whom}人数${by ? `按${by}` : ''}怎样变化？`
  return by ? `${whom}按${by}各有多少人？` : `${whom}共有多少人？`
}
