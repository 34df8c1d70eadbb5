// All organisations the account may see: the first page at once, the rest behind it, so that the tree can be opened and filtered without waiting.
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, asProblem, ok, type ProblemError } from '@/api/client'
import type { OrgRow } from './tree'

const FIRST = 200
const FURTHER = 1000

export function useOrgTree() {
  const rows = shallowRef<OrgRow[]>([])
  const error = shallowRef<ProblemError | null>(null)
  const loading = ref(false)
  const complete = ref(false)
  let turn = 0

  async function reload() {
    const mine = ++turn
    loading.value = true
    error.value = null
    complete.value = false
    const first = rows.value.length === 0
    let found: OrgRow[] = []
    let cursor: string | undefined
    try {
      do {
        const page = await ok(api.GET('/api/orgs', { params: { query: { cursor, limit: cursor ? FURTHER : FIRST } } }))
        if (mine !== turn) return
        found = [...found, ...page.items]
        if (first || !page.next) rows.value = found
        cursor = page.next ?? undefined
      } while (cursor)
      complete.value = true
    } catch (thrown) {
      if (mine === turn) error.value = asProblem(thrown)
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  onScopeDispose(() => {
    turn = -1
  })
  void reload()
  return { rows, error, loading, complete, reload }
}
