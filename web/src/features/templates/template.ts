// Shapes and small decisions of the template pages.
import type { Schemas } from '@/api/types'

export type Row = Schemas['TemplateRow']
export type Form = Schemas['TemplateForm']
export type Field = Schemas['TemplateField']
export type Own = Schemas['OwnRef']
export type FieldValue = Schemas['FieldValue']
export type Values = Record<string, FieldValue>
export type Cells = Record<string, string>

export const emptyRow = (field: Field): Cells => Object.fromEntries(field.columns.map(({ name }) => [name, '']))

/** What the form begins with: what is known, and an empty row where rows are asked for. */
export function beginning(form: Form): Values {
  const value = (field: Field): FieldValue => field.value ?? (field.kind === 'rows' ? [emptyRow(field)] : '')
  return Object.fromEntries(form.fields.map(field => [field.name, value(field)]))
}

export const isEmpty = (value: FieldValue | undefined) =>
  typeof value === 'string' ? !value.trim() : !value?.some(row => Object.values(row).some(cell => cell.trim()))

/** What is known anew (a person was chosen) goes into fields that are empty or still hold what was known before. */
export function merged(values: Values, before: Form, after: Form): Values {
  const known = new Map(before.fields.map(field => [field.name, field.value]))
  const next = { ...values }
  for (const field of after.fields) {
    const held = values[field.name]
    const untouched = isEmpty(held) || JSON.stringify(held) === JSON.stringify(known.get(field.name))
    if (untouched) next[field.name] = field.value ?? (field.kind === 'rows' ? [emptyRow(field)] : '')
  }
  return next
}

/** The required fields that are still empty. */
export const missing = (form: Form, values: Values) => form.fields.filter(field => field.required && isEmpty(values[field.name])).map(({ name }) => name)

/** The templates that a search finds: by name, use or purpose. */
export function matching(rows: Row[], words: string) {
  const wanted = words.trim()
  const text = (row: Row) => [row.name, row.purpose, row.group_name, ...row.uses.map(use => `${use.name} ${use.rule}`)].join(' ')
  return wanted ? rows.filter(row => text(row).includes(wanted)) : rows
}

export const GROUPS = ['life', 'development', 'election', 'membership', 'letter'] as const
