import { describe, expect, it } from 'vitest'
import { readYuan, typed, yuan } from './money'

describe('money', () => {
  it('is shown with its fen and grouped', () => {
    expect([0, 20, 12_000, 123_456_789].map(yuan)).toEqual(['¥0.00', '¥0.20', '¥120.00', '¥1,234,567.89'])
    expect(yuan(null)).toBe('')
  })
  it('is read as offices type it', () => {
    expect(['8000', '8,000.5', '８０００．１０', '¥0.2', ' 12 元'].map(readYuan)).toEqual([800_000, 800_050, 800_010, 20, 1_200])
  })
  it('is not guessed', () => {
    for (const text of ['', 'x', '-1', '1.234', '1e3', '..5', '12345678901']) expect(readYuan(text), text).toBeNull()
  })
  it('is put into a field without needless zeros', () => expect([800_000, 800_050, null].map(typed)).toEqual(['8000', '8000.50', '']))
})
