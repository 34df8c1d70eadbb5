// A step's form while it is filled in: which fields are shown, what is still missing, and where each refusal belongs.
import type { ProblemError } from '@/api/client'
import type { CasePaper, Refusal, StepField, Values } from './case'

/** Whether a field or paper belongs to the form, given the values. A vote counts as `written` when there were written opinions. */
export function isShown({ only_if }: Pick<StepField, 'only_if'>, values: Values) {
  if (!only_if) return true
  const other = values[only_if.field]
  if (typeof other === 'object' && !Array.isArray(other)) return other.written > 0 && only_if.values.includes('written')
  return typeof other === 'string' && only_if.values.includes(other)
}

/** What the form as it stands would send: values of fields that are not shown are left out. */
export function valuesSent(fields: StepField[], values: Values): Values {
  const shown = new Set(fields.filter(field => isShown(field, values)).map(({ key }) => key))
  return Object.fromEntries(Object.entries(values).filter(([key]) => shown.has(key)))
}

/** The names of what has to be filled in or put in before the step can be taken. */
export function missingParts(fields: StepField[], values: Values, on: string, papers: CasePaper[], dayLabel: string): { key: string; label: string }[] {
  return [
    ...(on ? [] : [{ key: 'on', label: dayLabel }]),
    ...fields.filter(field => field.required && isShown(field, values) && values[field.key] === undefined).map(({ key, label }) => ({ key, label })),
    ...papers.filter(paper => paper.required && isShown(paper, values) && !paper.files.length).map(({ key, name }) => ({ key: `paper:${key}`, label: `《${name}》` })),
  ]
}

/** Refusals by where they are shown: beside a field that has been filled in, or above the button. */
export function placed(refusals: Refusal[], filled: (field: string) => boolean) {
  const fields: Record<string, string> = {}
  const whole: Refusal[] = []
  const warnings: Refusal[] = []
  for (const one of refusals) {
    if (one.warning) warnings.push(one)
    else if (!one.field) whole.push(one)
    else if (!one.field.startsWith('paper:') && filled(one.field) && !fields[one.field]) fields[one.field] = one.message
  }
  return { fields, whole, warnings }
}

/** What was refused by field: `/values/vote/present_voters` belongs to the field `vote`. */
export function refusedFields(problem: ProblemError | null): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { pointer, message } of problem?.errors ?? []) {
    const [first = '', key] = pointer.split('/').slice(1)
    const field = first === 'values' && key ? key : first
    if (field && field !== 'papers') found[field] ??= message
  }
  return found
}

/** The last parts of the pointers that [`refusedFields`] puts beside a field. */
export function shownPointers(problem: ProblemError | null): string[] {
  return (problem?.errors ?? []).map(({ pointer }) => pointer).filter(pointer => pointer && !pointer.startsWith('/papers/')).map(pointer => pointer.split('/').pop() ?? '')
}
