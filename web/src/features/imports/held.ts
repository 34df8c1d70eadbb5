// Files sent for a trial run, kept in this tab's memory so that the real run needs no second choosing. Nothing is stored.
import { upload } from '@/api/client'

export interface Sending {
  file: File
  kind: 'members' | 'orgs'
  createOrgs: boolean
  mapping: string
}

const held = new Map<string, Sending>()

/** What was sent for this run, while the tab is open. */
export const sentFor = (id: string) => held.get(id)

export function formOf(sending: Sending, dryRun: boolean): FormData {
  const form = new FormData()
  form.set('file', sending.file)
  form.set('kind', sending.kind)
  form.set('dry_run', String(dryRun))
  form.set('create_orgs', String(sending.createOrgs))
  form.set('mapping', sending.mapping)
  return form
}

/** Starts a run; gives its id. Only the latest trial's file is kept. */
export async function startImport(sending: Sending, dryRun: boolean, progress?: (share: number) => void): Promise<string> {
  const { id } = await upload<{ id: string }>('/api/imports', formOf(sending, dryRun), progress)
  held.clear()
  if (dryRun) held.set(id, sending)
  return id
}
