import { describe, expect, it } from 'vitest'
import { addMonths, cellOf, monthsBetween, monthWords, type DuesPlace } from './dues'

const sums = { month: '2026-03', branches: 1, settled: 0, people: 9, open: 2, due: 0, paid: 0, voluntary: 0, handed: 0 }
const place = (part: Partial<DuesPlace> = {}): DuesPlace => ({ org_id: '1', name: '飞行党支部', kind: 'branch', collectors: 1, months: [sums], ...part })

describe('months', () => {
  it('are counted over the turn of the year', () => {
    expect([addMonths('2026-12', 1), addMonths('2026-01', -1), addMonths('2026-03', -14)]).toEqual(['2027-01', '2025-12', '2025-01'])
    expect(monthsBetween('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
    expect(monthsBetween('2026-02', '2026-01')).toEqual([])
    expect(monthWords('2026-03')).toBe('2026年3月')
  })
})

describe('a superior’s cell', () => {
  it('says how many have not paid', () => expect(cellOf(place(), '2026-03', '2026-05').text).toBe('差 2 人'))
  it('says that all have paid', () => expect(cellOf(place({ months: [{ ...sums, settled: 1, open: 0 }] }), '2026-03', '2026-05').text).toBe('交清'))
  it('counts branches where there are several', () => expect(cellOf(place({ collectors: 5, months: [{ ...sums, settled: 3 }] }), '2026-03', '2026-05').text).toBe('3/5'))
  it('says what was never drawn up', () => expect(cellOf(place(), '2026-04', '2026-05').text).toBe('未生成'))
  it('is empty for what is to come and where nobody collects', () => {
    expect(cellOf(place(), '2026-06', '2026-05').text).toBe('')
    expect(cellOf(place({ collectors: 0 }), '2026-04', '2026-05').text).toBe('')
  })
})
