// Data of a page: asked for at once and whenever `source` changes; only the latest answer counts.
import { onScopeDispose, ref, shallowRef, watch, type WatchSource } from 'vue'
import { asProblem, type ProblemError } from '@/api/client'

export function useLoad<T>(fetchData: () => Promise<T>, source?: WatchSource | WatchSource[]) {
  const data = shallowRef<T | null>(null)
  const error = shallowRef<ProblemError | null>(null)
  const loading = ref(false)
  let turn = 0

  async function reload() {
    const mine = ++turn
    loading.value = true
    error.value = null
    try {
      const answer = await fetchData()
      if (mine === turn) data.value = answer
    } catch (thrown) {
      if (mine === turn) error.value = asProblem(thrown)
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  onScopeDispose(() => {
    turn = -1
  })
  if (source) watch(source, reload)
  void reload()
  return { data, error, loading, reload }
}
