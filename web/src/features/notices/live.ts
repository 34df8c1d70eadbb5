// How many notices wait, live: one connection of server-sent events, held while the page is in front. Where the browser has none, nothing is asked.
import { onMounted, onUnmounted, ref } from 'vue'

const FIRST_WAIT = 10_000
const LONGEST_WAIT = 300_000

/** Notices that wait to be read; null while it is not known. */
export const unread = ref<number | null>(null)
/** Goes up with each notice that comes in. */
export const arrived = ref(0)

/** Keeps the connection as long as the component lives; `reopen` takes it up anew, e.g. after signing in again. */
export function useLiveNotices() {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_WAIT

  function close() {
    clearTimeout(timer)
    source?.close()
    source = null
  }
  function open() {
    close()
    if (typeof EventSource === 'undefined' || document.hidden) return
    const opened = new EventSource('/api/notices/live')
    source = opened
    opened.addEventListener('unread', event => {
      wait = FIRST_WAIT
      unread.value = (JSON.parse((event as MessageEvent<string>).data) as { unread: number }).unread
    })
    opened.addEventListener('notice', () => (arrived.value += 1))
    // After a lost connection the browser comes back by itself, but not after a refusal.
    opened.addEventListener('error', () => {
      if (opened.readyState !== EventSource.CLOSED) return
      close()
      timer = setTimeout(open, wait)
      wait = Math.min(wait * 2, LONGEST_WAIT)
    })
  }
  const follow = () => (document.hidden ? close() : open())

  onMounted(() => {
    document.addEventListener('visibilitychange', follow)
    open()
  })
  onUnmounted(() => {
    document.removeEventListener('visibilitychange', follow)
    close()
    unread.value = null
  })
  return { reopen: open }
}
