import { describe, expect, it } from 'vitest'
import { fromParams } from './query'
import { sheetOf } from './sheet'
import { countsOf, gridOf, membersLink, ordered, percent, type StatsTable } from './table'
import { questionText, type Vocabulary } from './words'

const vocabulary: Vocabulary = [
  { key: 'gender', label: '性别', values: ['男', '女'] },
  { key: 'age_band', label: '年龄段', values: ['30岁及以下', '31–35岁', '未填'] },
  { key: 'org', label: '党组织', values: [] },
]
const TODAY = '2026-03-05'
const table = (by: string[], rows: StatsTable['rows'], rest: Partial<StatsTable> = {}): StatsTable => ({ by, rows, total: rows.reduce((sum, row) => sum + Number(row.count), 0), as_of: TODAY, org: null, orgs: [], ...rest })
const crossed = table(['age_band', 'gender'], [
  { age_band: '未填', gender: '男', count: 1 },
  { age_band: '31–35岁', gender: '女', count: 2 },
  { age_band: '30岁及以下', gender: '男', count: 3 },
])
const query = fromParams({ by: 'age_band,gender', where: '' })

describe('a table of counts', () => {
  it('stands in the order of the vocabulary, what is unknown last', () => {
    expect(ordered(['未填', '31–35岁', '30岁及以下'], 'age_band', '', vocabulary)).toEqual(['30岁及以下', '31–35岁', '未填'])
    expect(ordered(['2020', '未填', '1999'], 'joined_year', '', vocabulary)).toEqual(['1999', '2020', '未填'])
  })
  it('stands in the order of other bands when they are given', () => {
    expect(ordered(['41岁及以上', '40岁及以下'], 'age_band', '40', vocabulary)).toEqual(['40岁及以下', '41岁及以上'])
  })
  it('becomes a grid with noughts where nobody was counted', () => {
    expect(gridOf(countsOf(crossed), query, vocabulary)).toEqual({
      categories: ['30岁及以下', '31–35岁', '未填'],
      series: [{ name: '男', values: [3, 0, 1] }, { name: '女', values: [0, 2, 0] }],
    })
  })
  it('becomes a cross table with sums by row and column', () => {
    const sheet = sheetOf({ query, table: crossed, trend: null, base: null }, vocabulary)
    expect(sheet.columns).toEqual(['男', '女', '合计'])
    expect(sheet.rows.map(({ names, figures }) => [...names, ...figures.map(({ count }) => count)])).toEqual([
      ['30岁及以下', 3, 0, 3],
      ['31–35岁', 0, 2, 2],
      ['未填', 1, 0, 1],
    ])
    expect(sheet.sums.map(({ count }) => count)).toEqual([4, 2, 6])
  })
})

describe('a table without its small counts', () => {
  const kept = table(['age_band', 'gender'], [
    { age_band: '30岁及以下', gender: '男', count: null, shown: '<5' },
    { age_band: '30岁及以下', gender: '女', count: null, shown: '不显示' },
    { age_band: '31–35岁', gender: '男', count: null, shown: '不显示' },
    { age_band: '31–35岁', gender: '女', count: 40 },
  ], { total: 60, few: 5 })
  const { rows, sums } = sheetOf({ query, table: kept, trend: null, base: null }, vocabulary)

  it('says what stands in the place of a count, and adds up nothing that is not shown', () => {
    expect(rows.map(({ figures }) => figures.map(({ count, shown }) => shown ?? count))).toEqual([
      ['<5', '不显示', '不显示'],
      ['不显示', 40, '不显示'],
    ])
    expect(sums.map(({ count, shown }) => shown ?? count)).toEqual(['不显示', '不显示', 60])
  })
  it('has no shares of what is not shown', () => {
    expect(percent({ count: 0, shown: '<5' }, { count: 60 })).toBe('—')
    expect(percent({ count: 3 }, { count: 0, shown: '不显示' })).toBe('—')
    expect(percent({ count: 15 }, { count: 60 })).toBe('25.0%')
  })
})

describe('the way to the members behind a figure', () => {
  const link = (where: string, keys: string[], values: string[], rest: Partial<StatsTable> = {}) => membersLink(fromParams({ by: keys.join(','), where }), table(keys, [], rest), TODAY, keys, values)

  it('adds the values of the figure to the conditions', () => {
    expect(link('education=大学本科', ['gender', 'age_band'], ['女', '31–35岁'])).toEqual({ path: '/members', query: { where: 'education=大学本科;gender=女;age_band=31–35岁' } })
  })
  it('narrows a condition on the same dimension to the one value', () => {
    expect(link('age_band=30岁及以下|31–35岁', ['age_band'], ['31–35岁'])?.query).toEqual({ where: 'age_band=31–35岁' })
  })
  it('is closed where a band is only partly inside the range asked for', () => {
    expect(link('age_band=33岁及以下', ['age_band'], ['31–35岁'])).toBeNull()
    expect(link('age_band=33岁及以下', ['age_band'], ['30岁及以下'])?.query).toEqual({ where: 'age_band=30岁及以下' })
  })
  it('is closed for another day than today', () => {
    expect(link('', ['gender'], ['女'], { as_of: '2020-12-31' })).toBeNull()
  })
  it('leads into the organisation of the row, else of the query', () => {
    const org = { id: '1', code: 'A', name: '公司党委' }
    const orgs = [{ id: '9', code: 'A9', name: '第九党支部' }]
    expect(link('', ['org'], ['第九党支部'], { org, orgs })?.query).toEqual({ org: '9' })
    expect(link('', [], [], { org })?.query).toEqual({ org: '1' })
    expect(link('', ['org'], ['第十党支部'], { org, orgs })).toBeNull()
  })
  it('is closed for an organisation without its subordinates, which no list shows', () => {
    const own = { id: '1', code: 'A', name: '公司党委（本级）' }
    expect(link('', ['org'], ['公司党委（本级）'], { org: { ...own, name: '公司党委' }, orgs: [own] })).toBeNull()
    expect(link('', ['org'], ['公司党委（本级）'], { orgs: [own] })).toBeNull()
  })
})

describe('the question as a sentence', () => {
  it('names whom, and by what', () => {
    const asked = fromParams({ by: 'gender', where: 'age_band=30岁及以下|31–35岁;joined_year=2020' })
    expect(questionText(asked, '第一党支部', vocabulary)).toBe('第一党支部，35岁及以下、2020年入党的党员按性别各有多少人？')
  })
  it('does not say 党员 twice', () => {
    expect(questionText(fromParams({ by: 'gender', where: 'status=预备党员;education=博士研究生|硕士研究生|大学本科' }), '', vocabulary)).toBe('学历为博士研究生、硕士研究生或大学本科的预备党员按性别各有多少人？')
  })
  it('of a series asks for the change', () => {
    expect(questionText(fromParams({ by: '', where: '' }, { years: { from: 2017, to: 2026 } }), '', vocabulary)).toBe('2017–2026 年，党员人数怎样变化？')
  })
})
