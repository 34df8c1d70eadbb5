import { describe, expect, it } from 'vitest'
import { doubled, mappingOf, mappingText, missing, samples, shielded, type Preview } from './mapping'

const preview: Preview = {
  sheet: '花名册',
  header_row: 3,
  total_rows: 2,
  columns: [
    { index: 0, header: '姓名', field: 'name' },
    { index: 1, header: '证件', field: null },
    { index: 2, header: '备注' },
  ],
  fields: [
    { field: 'name', label: '姓名', required: true },
    { field: 'identity_number', label: '公民身份号码', required: true },
    { field: 'phone', label: '联系电话', required: false },
  ],
  sample_rows: [['周明', '', '甲'], ['吴静', '510104199001010014', ' ']],
}

describe('mapping', () => {
  it('names the required fields that no column has', () => {
    expect(missing(preview, mappingOf(preview))).toEqual(['公民身份号码'])
    expect(missing(preview, { ...mappingOf(preview), 1: 'identity_number' })).toEqual([])
  })
  it('names a field that two columns claim', () => {
    expect(doubled(preview, { 0: 'name', 1: 'name', 2: '' })).toEqual(['姓名'])
    expect(doubled(preview, mappingOf(preview))).toEqual([])
  })
  it('sends what is not read as null', () => {
    expect(JSON.parse(mappingText({ 0: 'name', 2: '' }))).toEqual({ 0: 'name', 2: null })
  })
  it('masks numbers of identity and telephone in samples', () => {
    expect(samples(preview, 1, '')).toEqual(['510104********0014'])
    expect(shielded('13800001234', '')).toBe('138****1234')
    expect(shielded('2015-07-01', 'joined_on')).toBe('2015-07-01')
  })
  it('cuts addresses', () => {
    expect(shielded('示例省示例市示例路1号', 'residence_place')).toBe('示例省…')
  })
})
