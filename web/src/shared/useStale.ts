// An edit of something that others may edit at the same time. When the server says that it has changed meanwhile (409), the present state is
// read again, the difference is told, and the next attempt is based on it; nothing typed is touched.
import { ref, shallowRef } from 'vue'
import { ProblemError } from '@/api/client'

/** What somebody else changed while this edit was open. */
export interface Difference {
  label: string
  old: string
  now: string
}

export function useStale<T>(first: T, read: () => Promise<T>, compare: (old: T, now: T) => Difference[]) {
  const current = shallowRef<T>(first)
  const differences = shallowRef<Difference[]>([])
  const stale = ref(false)

  /** Runs an edit based on the current state. */
  async function attempt<R>(edit: (current: T) => Promise<R>): Promise<R> {
    try {
      return await edit(current.value)
    } catch (thrown) {
      if (thrown instanceof ProblemError && thrown.code === 'stale') {
        const now = await read()
        differences.value = compare(current.value, now)
        stale.value = true
        current.value = now
        // The difference is listed by StaleNotice; the server's own list of it would say the same twice.
        throw new ProblemError({ ...thrown.problem, type: '', title: '', detail: '还没有保存。请核对上面列出的改动，再提交一次。' })
      }
      throw thrown
    }
  }
  return { current, differences, stale, attempt }
}

/** The rows of two lists of labelled values that differ; what is empty is called 「未登记」. */
export function differencesOf(old: { label: string; value: string }[], now: { label: string; value: string }[]): Difference[] {
  const before = new Map(old.map(({ label, value }) => [label, value]))
  return now
    .filter(({ label, value }) => (before.get(label) ?? '') !== value)
    .map(({ label, value }) => ({ label, old: before.get(label) || '未登记', now: value || '未登记' }))
}
