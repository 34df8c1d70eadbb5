// Bands and ranges of years, in the words the server reads and writes. Pure.

/** The dimensions that are counted in years, with the unit they are written in. */
export const UNITS: Record<string, '岁' | '年'> = { age_band: '岁', party_age_band: '年', joined_year: '年' }
/** The dimensions whose bands can be cut otherwise, with the communiqué's upper bounds. */
export const STANDARD: Record<string, number[]> = { age_band: [30, 35, 40, 45, 50, 55, 60], party_age_band: [4, 9, 19, 29, 39, 49] }
const HIGHEST = 150

/** Upper bounds as typed: "18，25, 35 60"; null unless they rise. */
export function readBounds(typed: string): number[] | null {
  const parts = typed.split(/[,，、\s]+/).filter(Boolean)
  const bounds = parts.map(Number)
  const rising = bounds.every((bound, nth) => Number.isInteger(bound) && bound >= 0 && bound <= HIGHEST && (nth === 0 || bound > bounds[nth - 1]!))
  return bounds.length > 0 && bounds.length <= 50 && rising ? bounds : null
}

/** The bounds of each dimension that a query's `bands` names. */
export function readBands(text: string): Record<string, number[]> {
  const found: Record<string, number[]> = {}
  for (const part of text.split(';').filter(Boolean)) {
    const [name, list] = part.includes(':') ? (part.split(':') as [string, string]) : ['age_band', part]
    const bounds = readBounds(list)
    if (bounds) found[name] = bounds
  }
  return found
}

/** `bands` with the bounds of one dimension changed; null or the standard ones take it out. */
export function withBounds(text: string, key: string, bounds: number[] | null): string {
  const all = readBands(text)
  delete all[key]
  if (bounds && String(bounds) !== String(STANDARD[key])) all[key] = bounds
  return Object.keys(STANDARD)
    .filter(name => all[name])
    .map(name => (name === 'age_band' ? String(all[name]) : `${name}:${all[name]}`))
    .join(';')
}

/** The names of the bands between upper bounds: 30岁及以下, 31–35岁 …, 不满5年, 5–9年 … */
export function bandNames(key: string, bounds: readonly number[]): string[] {
  const unit = UNITS[key] ?? '年'
  const first = bounds[0] ?? 0
  const low = key === 'party_age_band' ? `不满${first + 1}年` : `${first}${unit}及以下`
  const between = bounds.slice(1).map((max, nth) => {
    const min = bounds[nth]! + 1
    return min === max ? `${max}${unit}` : `${min}–${max}${unit}`
  })
  return [low, ...between, `${bounds[bounds.length - 1]! + 1}${unit}及以上`]
}

export interface Range {
  min: number | null
  max: number | null
}

/** A range as a condition's value: 20–33岁, 60岁及以上, 2020年及以后, 2020; '' when it has no end at all. */
export function rangeText(key: string, { min, max }: Range): string {
  const unit = UNITS[key] ?? '年'
  const calendar = key === 'joined_year'
  if (min !== null && max !== null) return min !== max ? `${min}–${max}${unit}` : calendar ? String(min) : `${min}${unit}`
  if (min !== null) return `${min}${unit}${calendar ? '及以后' : '及以上'}`
  return max !== null ? `${max}${unit}${calendar ? '及以前' : '及以下'}` : ''
}

/** Reads what `rangeText` wrote, and the names of bands. */
export function readRange(text: string): Range | null {
  const below = /^不满(\d+)年$/.exec(text)
  if (below) return { min: null, max: Number(below[1]) - 1 }
  const match = /^(\d+)(?:–(\d+))?[岁年]?(及以上|及以后|及以下|及以前)?$/.exec(text)
  if (!match) return null
  const first = Number(match[1])
  if (match[2]) return match[3] ? null : { min: first, max: Number(match[2]) }
  if (!match[3]) return { min: first, max: first }
  return match[3] === '及以上' || match[3] === '及以后' ? { min: first, max: null } : { min: null, max: first }
}

/** Bands that follow one another as one range, for a shorter sentence: 30岁及以下, 31–35岁 is 35岁及以下. */
export function joined(key: string, values: string[]): string[] {
  const ranges = values.map(readRange)
  if (!STANDARD[key] || values.length < 2 || !ranges.every((one, nth) => one && (nth === 0 || (one.min !== null && one.min - 1 === ranges[nth - 1]?.max)))) return values
  return [rangeText(key, { min: ranges[0]!.min, max: ranges[ranges.length - 1]!.max })]
}
