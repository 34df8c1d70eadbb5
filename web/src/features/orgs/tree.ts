// The organisation tree as rows in preorder: which are shown, at which level. Pure.
import type { Schemas } from '@/api/types'

export type OrgRow = Schemas['OrgRow']
export interface TreeRow {
  org: OrgRow
  /** 0 for the topmost that the account may see. */
  level: number
  open: boolean
}

/** Below this many rows everything but the groups is opened at once. */
const SMALL_TREE = 60

/** How deep each row stands below the topmost row loaded above it. */
export function levels(rows: OrgRow[]) {
  const level = new Map<string, number>()
  for (const { id, parent_id } of rows) {
    const above = parent_id ? level.get(parent_id) : undefined
    level.set(id, above === undefined ? 0 : above + 1)
  }
  return level
}

export function openAtFirst(rows: OrgRow[]) {
  const level = levels(rows)
  const opened = (row: OrgRow) => (rows.length <= SMALL_TREE ? row.kind === 'committee' || row.kind === 'general_branch' : level.get(row.id) === 0)
  return new Set(rows.filter(row => row.has_children && opened(row)).map(({ id }) => id))
}

/** The rows whose ancestors are all open. */
export function openRows(rows: OrgRow[], open: ReadonlySet<string>): TreeRow[] {
  const level = levels(rows)
  const shown = new Set<string>()
  const found: TreeRow[] = []
  for (const org of rows) {
    const top = level.get(org.id) === 0
    if (!top && !(org.parent_id && shown.has(org.parent_id) && open.has(org.parent_id))) continue
    shown.add(org.id)
    found.push({ org, level: level.get(org.id) ?? 0, open: open.has(org.id) })
  }
  return found
}

/** The rows that match, flat, for a filter on name or code; `warned` keeps those with warnings only. */
export function matching(rows: OrgRow[], q: string, warned: boolean): TreeRow[] {
  const wanted = q.trim().toLowerCase()
  return rows
    .filter(org => (!warned || org.warnings > 0) && (!wanted || org.name.toLowerCase().includes(wanted) || org.code.toLowerCase().includes(wanted)))
    .map(org => ({ org, level: 0, open: false }))
}

/** The ids above an organisation, nearest first. */
export function above(rows: OrgRow[], id: string): string[] {
  const parents = new Map(rows.map(row => [row.id, row.parent_id ?? '']))
  const found: string[] = []
  for (let at = parents.get(id); at && parents.has(at); at = parents.get(at)) found.push(at)
  return found
}

/** Names of the organisations above, topmost first: 「集团党委 / 机务党总支」. */
export function pathName(rows: ReadonlyMap<string, OrgRow>, org: OrgRow) {
  const names: string[] = []
  for (let at = rows.get(org.parent_id ?? ''); at; at = rows.get(at.parent_id ?? '')) names.unshift(at.name)
  return names.join(' / ')
}
