import { describe, expect, it } from 'vitest'
import { button, open, readable } from '@/testing/open'
import type { Preview } from './mapping'
import MappingReview from './MappingReview.vue'

const preview = (identity: string | null): Preview => ({
  sheet: '党员', header_row: 3, total_rows: 20, sample_rows: [['周明', '510104199001010014']],
  columns: [{ index: 0, header: '姓名', field: 'name' }, { index: 1, header: '证件', field: identity }],
  fields: [{ field: 'name', label: '姓名', required: true }, { field: 'identity_number', label: '公民身份号码', required: true }],
})
const show = (identity: string | null) => open(MappingReview, { props: { preview: preview(identity), file: new File(['x'], '名册.xlsx'), kind: 'members' } })

describe('MappingReview', () => {
  it('does not start while a required field has no column, and says which', async () => {
    await show(null)
    expect(readable()).toContain('还缺：公民身份号码')
    expect(button('先试导入').disabled).toBe(true)
  })
  it('starts when every required field is found', async () => {
    await show('identity_number')
    expect(button('先试导入').disabled).toBe(false)
  })
  it('shows no identity number in full', async () => {
    await show('identity_number')
    expect(readable()).toContain('510104********0014')
    expect(readable()).not.toContain('510104199001010014')
  })
})
