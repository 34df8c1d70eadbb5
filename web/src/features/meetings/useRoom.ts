// How a meeting stands, live: told by the server as it changes, asked for every few seconds where it cannot tell.
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, asProblem, ok, type ProblemError } from '@/api/client'
import type { Schemas } from '@/api/types'

export type Room = Schemas['Room']
const PAUSE = 5000
/** An interrupted stream is given so long to come back by itself. */
const PATIENCE = 10_000

export function useRoom(id: string) {
  const room = shallowRef<Room | null>(null)
  const error = shallowRef<ProblemError | null>(null)
  /** Whether what is shown may be older than a few seconds. */
  const broken = ref(false)
  let source: EventSource | null = null
  let timer = 0
  let ended = false

  function take(fresh: Room) {
    room.value = fresh
    error.value = null
    broken.value = false
  }
  async function ask() {
    try {
      take(await ok(api.GET('/api/meetings/{id}/room', { params: { path: { id } } })))
    } catch (thrown) {
      error.value = asProblem(thrown)
      broken.value = true
    }
  }
  async function poll() {
    await ask()
    if (!ended) timer = window.setTimeout(() => void (source || typeof EventSource === 'undefined' ? poll() : follow()), PAUSE)
  }
  function follow() {
    if (ended) return
    if (typeof EventSource === 'undefined') return void poll()
    source = new EventSource(`/api/meetings/${id}/live`)
    source.onmessage = event => {
      window.clearTimeout(timer)
      take(JSON.parse(event.data as string) as Room)
    }
    source.onerror = () => {
      window.clearTimeout(timer)
      // The stream ends every few minutes and comes back by itself; one that does not is asked for instead.
      timer = window.setTimeout(() => {
        source?.close()
        source = null
        void poll()
      }, source?.readyState === EventSource.CLOSED ? 0 : PATIENCE)
    }
  }
  onScopeDispose(() => {
    ended = true
    window.clearTimeout(timer)
    source?.close()
  })
  follow()
  return { room, error, broken, ask }
}
