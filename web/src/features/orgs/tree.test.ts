import { describe, expect, it } from 'vitest'
import { row, TREE } from './testing'
import { above, matching, openAtFirst, openRows } from './tree'

const names = (rows: { org: { id: string } }[]) => rows.map(({ org }) => org.id)

describe('the organisation tree', () => {
  it('shows only what is under open organisations', () => {
    expect(names(openRows(TREE, new Set(['1'])))).toEqual(['1', '2', '5'])
  })
  it('hides everything below a closed one, however open it is further down', () => {
    expect(names(openRows(TREE, new Set(['2', '3'])))).toEqual(['1'])
  })
  it('takes an organisation whose parent may not be seen for a top', () => {
    expect(openRows([row('3', '2'), row('9', '7')], new Set()).map(({ level }) => level)).toEqual([0, 0])
  })
  it('opens a small tree down to the branches, groups closed', () => {
    expect(names(openRows(TREE, openAtFirst(TREE)))).toEqual(['1', '2', '3', '5'])
  })
  it('opens only the top of a large tree', () => {
    const large = [...TREE, ...Array.from({ length: 5000 }, (_, i) => row(String(100 + i), '2'))]
    expect(names(openRows(large, openAtFirst(large)))).toEqual(['1', '2', '5'])
  })
  it('finds by name or code, whatever is open', () => {
    expect(names(matching(TREE, '机务第一', false))).toEqual(['3', '4'])
    expect(names(matching(TREE, 'd5', false))).toEqual(['5'])
  })
  it('keeps only those with warnings when asked', () => {
    expect(names(matching(TREE, '', true))).toEqual(['3'])
  })
  it('knows what stands above an organisation', () => {
    expect(above(TREE, '4')).toEqual(['3', '2', '1'])
  })
})
