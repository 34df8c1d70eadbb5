import { describe, expect, it } from 'vitest'
import { fill, open, readable } from '@/testing/open'
import VoteField from './VoteField.vue'

async function counted(...numbers: string[]) {
  const { page } = await open(VoteField, { props: { id: 'vote', modelValue: undefined } })
  const names = ['应到会有表决权人数', '到会有表决权人数', '会前书面意见', '赞成', '不赞成', '弃权']
  for (const [i, number] of numbers.entries()) await fill(names[i]!, number)
  return page.emitted('update:modelValue')?.at(-1)?.[0]
}

describe('VoteField', () => {
  it('is whole only when every count is there', async () => expect(await counted('10', '8', '0', '7', '1')).toBeUndefined())

  it('gives the counts and says what they come to', async () => {
    expect(await counted('10', '8', '0', '7', '1', '0')).toEqual({ expected_voters: 10, present_voters: 8, written: 0, in_favour: 7, against: 1, abstained: 0 })
    expect(readable()).toContain('过半数是 6 人')
    expect(readable()).toContain('赞成 7 人，过半数，通过')
  })

  it('exactly half is no majority', async () => {
    await counted('10', '5', '0', '5', '0', '0')
    expect(readable()).toContain('到会 5 人，没有过半数，不能开会')
    expect(readable()).toContain('赞成 5 人，没有过半数，不通过')
  })
})
