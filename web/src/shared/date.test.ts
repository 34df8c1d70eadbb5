import { describe, expect, it } from 'vitest'
import { readDate } from './date'

describe('readDate', () => {
  it.each(['2026-03-05', '2026-3-5', '2026/3/5', '2026.3.5', '2026年3月5日', '20260305', '２０２６．０３．０５'])('reads %s', typed => {
    expect(readDate(typed)).toBe('2026-03-05')
  })
  it.each(['2026-02-29', '2026-13-01', '2026-03-00', '三月五日', '26-3-5', '2026'])('does not take %s for a date', typed => {
    expect(readDate(typed, true)).toBeNull()
  })
  it.each(['2015-07', '2015.7', '2015年7月', '201507'])('reads the month %s only where a month is enough', typed => {
    expect(readDate(typed, true)).toBe('2015-07')
    expect(readDate(typed)).toBeNull()
  })
})
