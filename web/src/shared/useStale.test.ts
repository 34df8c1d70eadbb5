import { describe, expect, it } from 'vitest'
import { ProblemError } from '@/api/client'
import { differencesOf, useStale } from './useStale'

function refusal(status: number, code: string) {
  return new ProblemError({ type: '', title: '', status, code, detail: '', errors: [] })
}
const compare = (old: { version: number; name: string }, now: { version: number; name: string }) =>
  differencesOf([{ label: '名称', value: old.name }], [{ label: '名称', value: now.name }])

describe('useStale', () => {
  it('bases the next attempt on the state that stands now', async () => {
    const seen: number[] = []
    const edit = useStale({ version: 1, name: '一' }, async () => ({ version: 5, name: '二' }), compare)
    await edit.attempt(async ({ version }) => { seen.push(version); throw refusal(409, 'stale') }).catch(() => {})
    await edit.attempt(async ({ version }) => { seen.push(version) })
    expect(seen).toEqual([1, 5])
  })

  it('tells what the other changed', async () => {
    const edit = useStale({ version: 1, name: '' }, async () => ({ version: 2, name: '二' }), compare)
    await edit.attempt(() => Promise.reject(refusal(409, 'stale'))).catch(() => {})
    expect(edit.differences.value).toEqual([{ label: '名称', old: '未登记', now: '二' }])
  })

  it('reads nothing again after any other refusal', async () => {
    const edit = useStale({ version: 1, name: '一' }, () => Promise.reject(new Error('must not be read')), compare)
    await expect(edit.attempt(() => Promise.reject(refusal(422, 'org_cycle')))).rejects.toBeInstanceOf(ProblemError)
    expect(edit.stale.value).toBe(false)
  })
})
