// A result as the rows and columns of a table to read: every figure with the values it stands for. Pure.
import type { Query } from './query'
import type { Result } from './useStats'
import { countsOf, figureOf, ordered, sumOf, totalOf, type Count } from './table'
import { labelOf, type Vocabulary } from './words'

export interface Figure {
  /** The values of the figure by the dimensions of `Sheet.keys`; fewer for a sum. */
  keys: string[]
  values: string[]
  count: number
  /** What stands in the place of a count that is not shown. */
  shown?: string
}
export interface Sheet {
  /** Headings of the columns that name a row. */
  heads: string[]
  /** Headings of the columns of figures. */
  columns: string[]
  rows: { names: string[]; figures: Figure[] }[]
  /** The last row: sums by column. */
  sums: Figure[]
}

const MOST_COLUMNS = 12
type Shown = Pick<Count, 'count' | 'shown'>
const NOBODY: Shown = { count: 0 }
const key = (values: readonly string[]) => values.join('\u0000')

/** A cross table by the last of two or three dimensions where it has few values, else one row for each combination. */
export function sheetOf({ query, table }: Result, vocabulary: Vocabulary): Sheet {
  const counts = countsOf(table)
  const by = table.by
  const across = by.length > 1 ? ordered(counts.map(({ values }) => values[by.length - 1]!), by[by.length - 1]!, query.bands, vocabulary) : []
  return across.length && across.length <= MOST_COLUMNS ? crossed(counts, by, across, totalOf(table), query, vocabulary) : long(counts, by, totalOf(table), query, vocabulary)
}

function sorted(tuples: string[][], by: string[], query: Query, vocabulary: Vocabulary): string[][] {
  const places = by.map((name, nth) => new Map(ordered(tuples.map(tuple => tuple[nth]!), name, query.bands, vocabulary).map((value, place) => [value, place])))
  const differ = (one: string[], other: string[]) => {
    for (const [nth, place] of places.entries()) {
      const difference = (place.get(one[nth]!) ?? 0) - (place.get(other[nth]!) ?? 0)
      if (difference) return difference
    }
    return 0
  }
  return tuples.sort(differ)
}

function long(counts: Count[], by: string[], sum: Shown, query: Query, vocabulary: Vocabulary): Sheet {
  const found = new Map(counts.map(one => [key(one.values), one]))
  const rows = sorted(counts.map(({ values }) => values), by, query, vocabulary)
  return {
    heads: by.map(name => labelOf(vocabulary, name)),
    columns: ['人数'],
    rows: rows.map(values => ({ names: values, figures: [{ ...NOBODY, ...found.get(key(values)), keys: by, values }] })),
    sums: [{ keys: [], values: [], ...sum }],
  }
}

function crossed(counts: Count[], by: string[], across: string[], sum: Shown, query: Query, vocabulary: Vocabulary): Sheet {
  const down = by.slice(0, -1)
  const last = by[by.length - 1]!
  const found = new Map(counts.map(one => [key(one.values), one]))
  const seen = new Map(counts.map(({ values }) => [key(values.slice(0, -1)), values.slice(0, -1)]))
  const rows = sorted([...seen.values()], down, query, vocabulary).map(names => {
    const figures = across.map(value => ({ ...NOBODY, ...found.get(key([...names, value])), keys: by, values: [...names, value] }))
    return { names, figures: [...figures, { keys: down, values: names, ...sumOf(figures) }] }
  })
  const sums = across.map((value, nth) => ({ keys: [last], values: [value], ...sumOf(rows.map(({ figures }) => figures[nth]!)) }))
  return {
    heads: down.map(name => labelOf(vocabulary, name)),
    columns: [...across, '合计'],
    rows,
    sums: [...sums, { keys: [], values: [], ...sum }],
  }
}

/** A series of years as a table: one row a year. */
export function trendSheet({ query, trend }: Result, vocabulary: Vocabulary): Sheet {
  const rows = trend?.rows ?? []
  const { by } = trend ?? { by: [] }
  const names = by[0] ? ordered(rows.map(row => String(row[by[0]!])), by[0], query.bands, vocabulary) : ['人数']
  const years = [...new Set(rows.map(row => Number(row.year)))].sort((one, other) => one - other)
  const sum = (year: number, name: string) =>
    sumOf(rows.filter(row => Number(row.year) === year && (!by[0] || String(row[by[0]]) === name)).map(row => figureOf(row.count, row.shown)))
  return {
    heads: ['年份'],
    columns: names,
    rows: years.map(year => ({ names: [String(year)], figures: names.map(name => ({ keys: by.slice(0, 1), values: [name], ...sum(year, name) })) })),
    sums: [],
  }
}
