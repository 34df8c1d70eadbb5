// One run of an import, asked for again until it has ended. A failed question is repeated: the run goes on without this page.
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { api, asProblem, ok, type ProblemError } from '@/api/client'
import type { Schemas } from '@/api/types'

export const isOver = ({ state }: Pick<Schemas['Import'], 'state'>) => state === 'done' || state === 'failed'

/** Milliseconds until the next question: quick at first, slower for a long run. */
export const pause = (asked: number) => (asked < 20 ? 1000 : 3000)

export function useImport(id: Ref<string>) {
  const run = shallowRef<Schemas['Import'] | null>(null)
  const error = shallowRef<ProblemError | null>(null)
  const loading = ref(true)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  let turn = 0

  async function ask() {
    clearTimeout(timer)
    const mine = ++turn
    loading.value = true
    try {
      const answer = await ok(api.GET('/api/imports/{id}', { params: { path: { id: id.value } } }))
      if (mine !== turn) return
      run.value = answer
      error.value = null
    } catch (thrown) {
      if (mine === turn) error.value = asProblem(thrown)
    }
    if (mine !== turn) return
    loading.value = false
    asked += 1
    if (run.value && !isOver(run.value)) timer = setTimeout(ask, pause(asked))
  }

  watch(
    id,
    () => {
      run.value = null
      asked = 0
      void ask()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    turn = -1
    clearTimeout(timer)
  })
  return { run, error, loading, reload: ask }
}
