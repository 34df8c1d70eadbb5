import { describe, expect, it } from 'vitest'
import { FIELDS } from './testing'
import { contradictions, derived, missingFields } from './missing'

const missing = (values: Record<string, string>) => missingFields(FIELDS, values).map(({ field }) => field)

describe('what a dossier lacks', () => {
  it('asks a full member for both dates', () => {
    expect(missing({ name: '周明', identity_number: 'x', org: 'x', stage: '正式党员' })).toEqual(['joined_on', 'full_on'])
  })
  it('asks an applicant for neither', () => {
    expect(missing({ name: '周明', identity_number: 'x', org: 'x', stage: '入党申请人' })).toEqual([])
  })
})

describe('what contradicts itself', () => {
  it('finds a mistyped identity number (REG-01)', () => {
    expect(contradictions({ identity_number: '11010519491231002Y' }).identity_number).toBeTruthy()
    expect(contradictions({ identity_number: '110105194912310028' }).identity_number).toContain('没有通过校验')
  })
  it('compares the birth date with the identity number', () => {
    expect(contradictions({ identity_number: '11010519491231002X', born: '1950-01' }).born).toContain('1949-12-31')
    expect(contradictions({ identity_number: '11010519491231002X', born: '1949-12' })).toEqual({})
  })
  it('finds somebody who joined under 18, a month counted at its most favourable day (REG-03)', () => {
    expect(contradictions({ born: '1990-05-20', joined_on: '2008-05' })).toEqual({})
    expect(contradictions({ born: '1990-05-20', joined_on: '2008-04' }).joined_on).toContain('REG-03')
  })
  it('finds full membership within a year (REG-04)', () => {
    expect(contradictions({ joined_on: '2015-07', full_on: '2016-07' })).toEqual({})
    expect(contradictions({ joined_on: '2015-07', full_on: '2016-06-30' }).full_on).toContain('REG-04')
  })
  it('finds a probationary member with a date of full membership (REG-05)', () => {
    expect(contradictions({ stage: '预备党员', full_on: '2016-07' }).full_on).toContain('REG-05')
  })
})

describe('what an identity number tells', () => {
  it('fills in birth date and gender, but never over what was typed', () => {
    expect(derived({ identity_number: '11010519491231002X' })).toEqual({ born: '1949-12-31', gender: '女' })
    expect(derived({ identity_number: '11010519491231002X', born: '1949-12', gender: '女' })).toEqual({})
  })
})
