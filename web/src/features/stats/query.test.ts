import { describe, expect, it } from 'vitest'
import { fromAddress, fromParams, mend, readWhere, toAddress, toParams, whereText, withFilter, type Query } from './query'

const full: Query = {
  by: ['org', 'gender'],
  filters: [{ key: 'age_band', values: ['30岁及以下', '31–35岁'] }, { key: 'ethnicity', values: ['少数民族'] }],
  org: 'A01',
  asOf: '2024-12-31',
  bands: '30,40;party_age_band:9',
  years: null,
  share: true,
  hideSmall: true,
  q: '35岁以下少数民族党员占比',
}
const address = (query: Query) => toAddress(query) as Record<string, string>

describe('a query and its address', () => {
  it('is read back as it was written', () => {
    expect(fromAddress(address(full))).toEqual(full)
  })
  it('keeps a series of years, which has no day', () => {
    const trend = { ...full, years: { from: 2017, to: 2026 } }
    expect(fromAddress(address(trend))).toEqual({ ...trend, asOf: '' })
  })
  it('tells a mere total from an address that asks nothing', () => {
    const total = fromParams({ by: '', where: '' })
    expect(fromAddress(address(total))).toEqual(total)
    expect(fromAddress({})).toBeNull()
    expect(fromAddress({ q: '党员总数' })).toBeNull()
  })
  it('leaves out what is empty', () => {
    expect(address(fromParams({ by: 'gender', where: '' }))).toEqual({ by: 'gender' })
  })
  it('skips a condition that is cut off', () => {
    expect(readWhere('gender=女;education=;=x;bad')).toEqual([{ key: 'gender', values: ['女'] }])
  })
})

describe('a query and its parameters', () => {
  it('names the organisation, the day and the bands only where they are given', () => {
    expect(toParams(full)).toEqual({ by: 'org,gender', where: 'age_band=30岁及以下|31–35岁;ethnicity=少数民族', org: 'A01', as_of: '2024-12-31', bands: '30,40;party_age_band:9', small: 'hide' })
    expect(toParams(fromParams({ by: 'gender', where: '' }))).toEqual({ by: 'gender', where: '' })
  })
})

describe('a query mended by hand', () => {
  it('is no longer the plain question it came from', () => {
    expect(mend(full, { asOf: '' })).toEqual({ ...full, asOf: '', q: '' })
  })
  it('keeps the places of its conditions when one is changed', () => {
    expect(whereText(withFilter(full.filters, 'age_band', ['61岁及以上']))).toBe('age_band=61岁及以上;ethnicity=少数民族')
  })
  it('loses a condition that has no value left', () => {
    expect(whereText(withFilter(full.filters, 'age_band', []))).toBe('ethnicity=少数民族')
  })
})
