import { describe, expect, it } from 'vitest'
import { bandNames, joined, rangeText, readBands, readBounds, readRange, STANDARD, withBounds } from './bands'

describe('bands', () => {
  it('are named as the communiqué names them', () => {
    expect(bandNames('age_band', STANDARD.age_band!).slice(0, 2)).toEqual(['30岁及以下', '31–35岁'])
    expect(bandNames('age_band', STANDARD.age_band!).at(-1)).toBe('61岁及以上')
    expect(bandNames('party_age_band', [4, 9])).toEqual(['不满5年', '5–9年', '10年及以上'])
    expect(bandNames('age_band', [30, 31])).toEqual(['30岁及以下', '31岁', '32岁及以上'])
  })
  it.each(['30、40、50', '30，40 50', '30,40,50'])('are read from %s', typed => {
    expect(readBounds(typed)).toEqual([30, 40, 50])
  })
  it.each(['', '40,30', '30,30', 'a', '30,200', '-1'])('are not read from %s', typed => {
    expect(readBounds(typed)).toBeNull()
  })
  it('of one age leave those of the other', () => {
    expect(withBounds('30,40;party_age_band:9', 'age_band', [35])).toBe('35;party_age_band:9')
    expect(withBounds('30,40;party_age_band:9', 'age_band', null)).toBe('party_age_band:9')
    expect(readBands('30,40;party_age_band:9')).toEqual({ age_band: [30, 40], party_age_band: [9] })
  })
  it('are not named when they are the standard ones', () => {
    expect(withBounds('30', 'age_band', STANDARD.age_band!)).toBe('')
  })
})

describe('ranges of years', () => {
  it.each([
    ['age_band', 20, 33, '20–33岁'],
    ['age_band', 60, null, '60岁及以上'],
    ['party_age_band', null, 5, '5年及以下'],
    ['joined_year', 2020, null, '2020年及以后'],
    ['joined_year', null, 2011, '2011年及以前'],
    ['joined_year', 2020, 2020, '2020'],
  ])('of %s from %s to %s are written %s and read back', (key, min, max, text) => {
    expect(rangeText(key, { min, max })).toBe(text)
    expect(readRange(text)).toEqual({ min, max })
  })
  it('are said as one where bands follow one another', () => {
    expect(joined('age_band', ['30岁及以下', '31–35岁'])).toEqual(['35岁及以下'])
    expect(joined('age_band', ['30岁及以下', '61岁及以上'])).toEqual(['30岁及以下', '61岁及以上'])
  })
})
