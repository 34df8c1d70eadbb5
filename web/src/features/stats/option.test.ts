import type { BarSeriesOption, LineSeriesOption } from 'echarts'
import { describe, expect, it } from 'vitest'
import { kindsFor } from './chartKind'
import { fewSeries, pictureOf, type Look } from './option'
import type { Grid } from './table'

const look: Look = { accent: '#b5121b', greys: ['#6f6760', '#a39b93', '#cbc4bc', '#24201d', '#e6e1da'], ink: '#24201d', quiet: '#5f5852', line: '#e6e1da', surface: '#fff', font: 'sans', size: 14, narrow: false }
const one: Grid = { categories: ['本科', '专科'], series: [{ name: '人数', values: [5, 9] }] }
const ages: Grid = { categories: ['30岁及以下', '31–35岁'], series: [{ name: '男', values: [3, 4] }, { name: '女', values: [2, 1] }] }
const bars = (picture: ReturnType<typeof pictureOf>) => picture.option.series as BarSeriesOption[]

describe('which picture suits a table', () => {
  it.each([
    [['education'], 10, 'bar'],
    [['gender'], 2, 'pie'],
    [['age_band', 'gender'], 8, 'pyramid'],
    [['gender', 'age_band'], 2, 'pyramid'],
    [['education', 'org'], 8, 'stacked'],
  ])('%s with %s values is drawn as %s first', (by, values, kind) => {
    expect(kindsFor({ by, years: null }, values)[0]).toBe(kind)
  })
  it('draws a series of years as a line', () => {
    expect(kindsFor({ by: ['gender'], years: { from: 2017, to: 2026 } }, 10)).toEqual(['line'])
  })
  it('draws nothing for a mere total', () => {
    expect(kindsFor({ by: [], years: null }, 0)).toEqual([])
  })
})

describe('a chart', () => {
  it('of one series is drawn in the accent, from zero', () => {
    const { option } = pictureOf('bar', one, 'education', look)
    expect(bars({ option, height: 0, note: '' })[0]).toMatchObject({ data: [5, 9], itemStyle: { color: look.accent } })
    expect(option.xAxis).toMatchObject({ min: 0 })
  })
  it('of years begins at zero too', () => {
    expect(pictureOf('line', one, 'year', look).option.yAxis).toMatchObject({ min: 0 })
  })
  it('of an ordered dimension keeps its order, of organisations puts the largest first', () => {
    expect(bars(pictureOf('bar', one, 'education', look))[0]?.data).toEqual([5, 9])
    expect(bars(pictureOf('bar', one, 'org', look))[0]?.data).toEqual([9, 5])
  })
  it('of two dimensions uses the accent once and greys for the rest', () => {
    expect(pictureOf('stacked', ages, 'age_band', look).option.color).toEqual([look.accent, ...look.greys])
  })
  it('of very many organisations draws the largest, and says so', () => {
    const many: Grid = { categories: Array.from({ length: 500 }, (_, n) => `支部${n}`), series: [{ name: '人数', values: Array.from({ length: 500 }, (_, n) => n) }] }
    const picture = pictureOf('bar', many, 'org', look)
    expect(bars(picture)[0]?.data).toHaveLength(30)
    expect(bars(picture)[0]?.data?.[0]).toBe(499)
    expect(picture.note).toContain('只画人数最多的 30 项')
  })
  it('gives long names on a phone a line of their own', () => {
    const grid: Grid = { ...one, categories: ['西南示例分公司综合保障部党支部', '第二党支部'] }
    expect(pictureOf('bar', grid, 'education', { ...look, narrow: true }).option.yAxis).toMatchObject({ axisLabel: { inside: true } })
    expect(pictureOf('bar', grid, 'education', look).height).toBeLessThan(pictureOf('bar', grid, 'education', { ...look, narrow: true }).height)
  })
})

describe('the age pyramid', () => {
  it('puts men to the left and women to the right, whichever dimension comes first', () => {
    const sides = (grid: Grid) => bars(pictureOf('pyramid', grid, '', look)).map(({ name, data }) => [name, data])
    const flipped: Grid = { categories: ['男', '女'], series: [{ name: '30岁及以下', values: [3, 2] }, { name: '31–35岁', values: [4, 1] }] }
    expect(sides(ages)).toEqual([['男', [-3, -4]], ['女', [2, 1]]])
    expect(sides(flipped)).toEqual(sides(ages))
  })
  it('labels the left side without a minus', () => {
    const [men] = bars(pictureOf('pyramid', ages, '', look))
    const formatter = men?.label?.formatter as (one: { value: number }) => string
    expect(formatter({ value: -1417 })).toBe('1,417')
  })
})

describe('many series', () => {
  const grid: Grid = { categories: ['a'], series: [9, 1, 8, 2, 7, 3, 6].map((value, nth) => ({ name: `s${nth}`, values: [value] })) }
  it('are drawn as the largest and the sum of the rest', () => {
    expect(fewSeries(grid, 4).series).toEqual([{ name: 's0', values: [9] }, { name: 's2', values: [8] }, { name: 's4', values: [7] }, { name: '其余 4 项', values: [12] }])
  })
  it('of a line are fewer, so that each can be seen', () => {
    expect(pictureOf('line', grid, 'year', look).option.series as LineSeriesOption[]).toHaveLength(5)
  })
})
