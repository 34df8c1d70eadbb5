// What each column of a file means, as a person mends it. Pure: reads the server's preview, gives back what is sent with the import.
import type { Schemas } from '@/api/types'

export type Preview = Schemas['ImportPreview']
/** The field of each column by the column's index; '' = the column is not read. */
export type Mapping = Record<number, string>

export function mappingOf(preview: Preview): Mapping {
  return Object.fromEntries(preview.columns.map(({ index, field }) => [index, field ?? '']))
}

/** Labels of the required fields that no column has. */
export function missing(preview: Preview, mapping: Mapping): string[] {
  const given = new Set(Object.values(mapping))
  return preview.fields.filter(({ field, required }) => required && !given.has(field)).map(({ label }) => label)
}

/** Labels of the fields that two columns claim. */
export function doubled(preview: Preview, mapping: Mapping): string[] {
  const claims = new Map<string, number>()
  for (const field of Object.values(mapping)) if (field) claims.set(field, (claims.get(field) ?? 0) + 1)
  return preview.fields.filter(({ field }) => (claims.get(field) ?? 0) > 1).map(({ label }) => label)
}

/** The mapping as the import takes it: {"0":"name","3":null}; null = the column is not read. */
export function mappingText(mapping: Mapping): string {
  return JSON.stringify(Object.fromEntries(Object.entries(mapping).map(([index, field]) => [index, field || null])))
}

const PRIVATE_PLACES = new Set(['household_place', 'residence_place'])

/** A sample as it may stand on a screen: numbers of identity and telephone masked, addresses cut. */
export function shielded(cell: string, field: string): string {
  if (PRIVATE_PLACES.has(field) && cell.length > 3) return `${cell.slice(0, 3)}…`
  return cell
    .replace(/\d{14,17}[\dXx]/g, number => `${number.slice(0, 6)}${'*'.repeat(number.length - 10)}${number.slice(-4)}`)
    .replace(/(?<!\d)1\d{10}(?!\d)/g, number => `${number.slice(0, 3)}****${number.slice(-4)}`)
}

/** The first samples of a column that say something. */
export function samples(preview: Preview, index: number, field: string, most = 3): string[] {
  return preview.sample_rows
    .map(row => row[index]?.trim() ?? '')
    .filter(Boolean)
    .slice(0, most)
    .map(cell => shielded(cell, field))
}
