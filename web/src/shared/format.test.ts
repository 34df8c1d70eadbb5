import { describe, expect, it } from 'vitest'
import { bytes, longDate, untilText } from './format'

describe('format', () => {
  it('writes a month without inventing a day', () => {
    expect(longDate('2015-07')).toBe('2015年7月')
    expect(longDate('2026-03-05')).toBe('2026年3月5日')
  })
  it('counts the days to a date and past it', () => {
    expect(untilText('2026-03-08', '2026-03-05')).toBe('还有 3 天')
    expect(untilText('2026-03-05', '2026-03-05')).toBe('今天到期')
    expect(untilText('2026-02-28', '2026-03-05')).toBe('逾期 5 天')
  })
  it('writes sizes', () => {
    expect([512, 1_500_000].map(bytes)).toEqual(['512 B', '1.4 MB'])
  })
})
