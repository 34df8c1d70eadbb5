import { describe, expect, it } from 'vitest'
import { beginning, matching, merged, missing, type Field, type Form, type Row } from './template'

const field = (name: string, more: Partial<Field> = {}): Field => ({ name, kind: 'text', required: false, hint: '', choices: [], columns: [], ...more })
const form = (...fields: Field[]) => ({ key: 'a', name: '甲', purpose: '', fields, takes_person: true, placeholders: [] }) as Form

describe('a form', () => {
  it('begins with what is known and a row to fill in', () => {
    const rows = field('议题', { kind: 'rows', columns: [field('题目')] })
    expect(beginning(form(field('党组织', { value: '第一支部' }), field('地点'), rows))).toEqual({ 党组织: '第一支部', 地点: '', 议题: [{ 题目: '' }] })
  })

  it('says what is still missing', () => {
    const rows = field('议题', { kind: 'rows', required: true, columns: [field('题目')] })
    expect(missing(form(field('地点', { required: true }), rows), { 地点: ' ', 议题: [{ 题目: '' }] })).toEqual(['地点', '议题'])
    expect(missing(form(field('地点', { required: true }), rows), { 地点: '三层', 议题: [{ 题目: '学习' }] })).toEqual([])
  })

  it('keeps what was typed when a person is chosen', () => {
    const before = form(field('姓名', { value: '李四' }), field('岗位'), field('性别', { value: '男' }))
    const after = form(field('姓名', { value: '王五' }), field('岗位', { value: '司机' }), field('性别', { value: '女' }))
    expect(merged({ 姓名: '李四', 岗位: '', 性别: '自己写的' }, before, after)).toEqual({ 姓名: '王五', 岗位: '司机', 性别: '自己写的' })
  })
})

describe('the library', () => {
  const row = (name: string, rule: string) => ({ key: name, name, purpose: '', group_name: '组织生活', uses: [{ activity: 'x', name: '党课', rule }] }) as unknown as Row
  it('is searched by name, use and rule', () => {
    const rows = [row('会议通知', 'MEET-01'), row('政审函', 'DEV-10')]
    expect(matching(rows, 'DEV-10').map(({ name }) => name)).toEqual(['政审函'])
    expect(matching(rows, '通知')).toHaveLength(1)
    expect(matching(rows, ' ')).toHaveLength(2)
  })
})
