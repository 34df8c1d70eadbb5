import { describe, expect, it } from 'vitest'
import { firstWanted, groupsOf, matches, type RowReport } from './findings'

const finding = (code: string, column = '列') => ({ column, code, message: '请核对' })
const row = (number: number, errors: string[], warnings: string[] = []): RowReport => ({
  row: number,
  seq: null,
  accepted: !errors.length,
  errors: errors.map(code => finding(code)),
  warnings: warnings.map(code => finding(code)),
})

describe('groupsOf', () => {
  it('counts a row once for each kind, errors first, the most frequent first', () => {
    const rows = [row(1, ['bad_date', 'bad_date', 'id_checksum']), row(2, ['id_checksum']), row(3, [], ['missing_required'])]
    expect(groupsOf(rows).map(({ severity, name, rows }) => `${severity} ${name} ${rows}`)).toEqual([
      'error 身份证号校验不符 2',
      'error 日期有误 1',
      'warning 有项目没有填写 1',
    ])
  })
  it('has words for a kind it does not know', () => {
    expect(groupsOf([row(1, ['something_new'])])[0]?.name).toBe('其他问题')
  })
})

describe('matches', () => {
  it('tells an error from a warning of the same kind', () => {
    const warned = row(1, [], ['bad_date'])
    expect(matches(warned, { severity: 'warning', code: 'bad_date' })).toBe(true)
    expect(matches(warned, { severity: 'error', code: 'bad_date' })).toBe(false)
  })
  it('finds rejected rows', () => {
    expect([row(1, ['bad_name']), row(2, [])].filter(one => matches(one, { verdict: 'rejected' })).map(one => one.row)).toEqual([1])
  })
})

describe('firstWanted', () => {
  it('begins with the rejected rows where there are any', () => {
    expect(firstWanted([row(1, []), row(2, ['bad_name'])])).toEqual({ verdict: 'rejected' })
    expect(firstWanted([row(1, [], ['bad_phone'])])).toEqual({ verdict: 'warned' })
    expect(firstWanted([row(1, [])])).toEqual({ verdict: 'all' })
  })
})
