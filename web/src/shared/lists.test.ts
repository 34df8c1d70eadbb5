import { effectScope } from 'vue'
import { describe, expect, it } from 'vitest'
import { ref } from 'vue'
import { ProblemError } from '@/api/client'
import { quietConsole, settle } from '@/testing/open'
import { useKeysetList } from './useKeysetList'
import { useLoad } from './useLoad'
import { useSubmit } from './useSubmit'

function within<T>(setup: () => T): T {
  return effectScope().run(setup) as T
}

describe('useLoad', () => {
  it('keeps only the latest answer', async () => {
    const wanted = ref('slow')
    let answerSlow = (_: string) => {}
    const { data } = within(() => useLoad(() => (wanted.value === 'slow' ? new Promise<string>(resolve => (answerSlow = resolve)) : Promise.resolve('fast')), wanted))
    wanted.value = 'quick'
    await settle()
    answerSlow('slow')
    await settle()
    expect(data.value).toBe('fast')
  })
})

describe('useKeysetList', () => {
  it('adds the next page and ends at the last', async () => {
    const list = within(() => useKeysetList(async cursor => (cursor ? { items: [3], next: null } : { items: [1, 2], next: 'c' })))
    await settle()
    await list.loadMore()
    await list.loadMore()
    expect(list.items.value).toEqual([1, 2, 3])
    expect(list.next.value).toBeNull()
  })

  it('keeps the rows it has when the next page fails', async () => {
    quietConsole()
    const list = within(() => useKeysetList<number>(cursor => (cursor ? Promise.reject(new Error('x')) : Promise.resolve({ items: [1], next: 'c' }))))
    await settle()
    await list.loadMore()
    expect(list.items.value).toEqual([1])
    expect(list.error.value).toBeInstanceOf(ProblemError)
  })
})

describe('useSubmit', () => {
  it('does not send twice while the first is under way', async () => {
    let sent = 0
    const { submit } = useSubmit()
    const action = async () => {
      sent += 1
      await settle()
    }
    await Promise.all([submit(action), submit(action)])
    expect(sent).toBe(1)
  })
})
