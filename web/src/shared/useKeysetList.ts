// A list that continues from a cursor: the first page at once and whenever `source` changes, further pages on request.
import { computed, onScopeDispose, ref, shallowRef, watch, type WatchSource } from 'vue'
import { asProblem, type ProblemError } from '@/api/client'
import type { Page } from '@/api/types'

export function useKeysetList<T, P extends Page<T> = Page<T>>(fetchPage: (cursor?: string) => Promise<P & Page<T>>, source?: WatchSource | WatchSource[]) {
  const items = shallowRef<T[]>([])
  /** The last page as it came, for what it says beside its rows (a total). */
  const page = shallowRef<P | null>(null)
  const error = shallowRef<ProblemError | null>(null)
  const loading = ref(false)
  let turn = 0

  async function ask(cursor?: string) {
    const mine = ++turn
    loading.value = true
    error.value = null
    try {
      const answer = await fetchPage(cursor)
      if (mine !== turn) return
      page.value = answer
      items.value = cursor ? [...items.value, ...answer.items] : answer.items
    } catch (thrown) {
      if (mine === turn) error.value = asProblem(thrown)
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  const next = computed(() => page.value?.next ?? null)
  const reload = () => ask()
  async function loadMore() {
    if (next.value && !loading.value) await ask(next.value)
  }

  onScopeDispose(() => {
    turn = -1
  })
  if (source) {
    watch(source, () => {
      items.value = []
      page.value = null
      void ask()
    })
  }
  void ask()
  return { items, page, next, error, loading, loadMore, reload }
}
