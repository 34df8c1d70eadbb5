// ECharts options from grids: one accent and greys, labels on the marks, the axis from zero. Pure; nothing here loads ECharts.
import type { EChartsOption } from 'echarts'
import type { Kind } from './chartKind'
import { total, type Grid } from './table'

/** The client's tokens, and how much room there is. */
export interface Look {
  accent: string
  greys: string[]
  ink: string
  quiet: string
  line: string
  surface: string
  font: string
  size: number
  narrow: boolean
}
export interface Picture {
  option: EChartsOption
  height: number
  /** What the picture leaves out. */
  note: string
}

const MOST_BARS = 30
const MOST_SERIES = 6
/** Paler greys than those of five lines are not seen. */
const MOST_LINES = 5
const labelled = ({ value }: { value?: unknown }) => number(Number(value))
const number = (value: number) => Math.abs(value).toLocaleString('zh-CN')

/** The largest categories, largest first, where there are too many to draw or they have no order of their own. */
export function largest(grid: Grid, most: number): Grid {
  const sums = grid.categories.map((_, nth) => total(grid.series.map(({ values }) => values[nth] ?? 0)))
  const places = grid.categories.map((_, nth) => nth).sort((one, other) => sums[other]! - sums[one]!).slice(0, most)
  return { categories: places.map(nth => grid.categories[nth]!), series: grid.series.map(({ name, values }) => ({ name, values: places.map(nth => values[nth]!) })) }
}

/** At most so many series: the smallest are added up as 其余 n 项. */
export function fewSeries(grid: Grid, most = MOST_SERIES): Grid {
  if (grid.series.length <= most) return grid
  const kept = new Set([...grid.series].sort((one, other) => total(other.values) - total(one.values)).slice(0, most - 1))
  const rest = grid.series.filter(series => !kept.has(series))
  const sum = grid.categories.map((_, nth) => total(rest.map(({ values }) => values[nth] ?? 0)))
  return { categories: grid.categories, series: [...grid.series.filter(series => kept.has(series)), { name: `其余 ${rest.length} 项`, values: sum }] }
}

const colours = (look: Look) => [look.accent, ...look.greys]
const onDark = (look: Look, nth: number) => ([0, 1, 4].includes(nth) ? look.surface : look.ink)

function base(look: Look): EChartsOption {
  return {
    animation: false,
    textStyle: { fontFamily: look.font, fontSize: look.size, color: look.ink },
    grid: { left: 4, right: look.narrow ? 44 : 64, top: 8, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: { trigger: 'item', confine: true, textStyle: { fontFamily: look.font, fontSize: look.size, color: look.ink } },
  }
}

const LONG_NAME = 8

/** How the names of rows are set: beside the bars, or, long names on a phone, above them; and the height of a row for it. */
function rowsOf(look: Look, categories: string[]) {
  const longest = Math.max(...categories.map(name => name.length), 1)
  const above = look.narrow && longest > LONG_NAME
  const letters = above ? 18 : look.narrow ? LONG_NAME : 20
  const lines = Math.ceil(longest / letters)
  const height = above ? look.size * (2.4 + 1.4 * lines) : Math.max(look.size * 2.3, look.size * (1.3 * lines + 0.7))
  const axisLabel = {
    color: look.ink,
    fontSize: look.size,
    lineHeight: look.size * 1.3,
    width: look.size * Math.min(letters, longest + 1),
    overflow: 'break' as const,
    interval: 0,
    ...(above ? { inside: true, align: 'left' as const, verticalAlign: 'bottom' as const, margin: 0, padding: [0, 0, look.size * 0.9, 0] } : {}),
  }
  return { height, axisLabel }
}

/** The vertical axis of names, the first at the top. */
function rowAxis(look: Look, categories: string[]) {
  return { ...categoryAxis(look, categories), inverse: true, z: 3, axisLabel: rowsOf(look, categories).axisLabel }
}

function categoryAxis(look: Look, categories: string[]) {
  return {
    type: 'category' as const,
    data: categories,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: look.line } },
    axisLabel: { color: look.ink, fontSize: look.size },
  }
}

function valueAxis(look: Look) {
  return { type: 'value' as const, min: 0, minInterval: 1, splitNumber: look.narrow ? 3 : 5, axisLabel: { color: look.quiet, fontSize: look.size, hideOverlap: true }, splitLine: { lineStyle: { color: look.line } } }
}

const heightFor = (look: Look, categories: string[], bars = 1) => Math.max(120, Math.round(categories.length * rowsOf(look, categories).height * bars) + 48)

function bar(grid: Grid, look: Look): Picture {
  const series = grid.series[0]!
  return {
    height: heightFor(look, grid.categories) - 32,
    note: '',
    option: {
      ...base(look),
      yAxis: rowAxis(look, grid.categories),
      xAxis: { ...valueAxis(look), show: false },
      series: [{ type: 'bar', name: series.name, data: series.values, barMaxWidth: 22, itemStyle: { color: look.accent, borderRadius: 2 }, label: { show: true, position: 'right', color: look.ink, fontSize: look.size, formatter: labelled } }],
    },
  }
}

/** Upright, for a long row of years. */
function columns(grid: Grid, look: Look): Picture {
  const series = grid.series[0]!
  const room = grid.categories.length <= (look.narrow ? 8 : 16)
  return {
    height: 320,
    note: '',
    option: {
      ...base(look),
      grid: { left: 4, right: 12, top: 28, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      xAxis: { ...categoryAxis(look, grid.categories), axisLabel: { color: look.ink, fontSize: look.size, hideOverlap: true } },
      yAxis: valueAxis(look),
      series: [{ type: 'bar', name: series.name, data: series.values, barMaxWidth: 32, itemStyle: { color: look.accent, borderRadius: 2 }, label: { show: room, position: 'top', color: look.ink, fontSize: look.size, formatter: labelled } }],
    },
  }
}

function pie(grid: Grid, look: Look): Picture {
  const values = grid.series[0]!.values
  const sum = total(values)
  const data = grid.categories.map((name, nth) => ({ name, value: values[nth]! })).filter(({ value }) => value > 0)
  const largestFirst = [...data].sort((one, other) => other.value - one.value)
  return {
    height: look.narrow ? 280 : 320,
    note: '',
    option: {
      ...base(look),
      color: colours(look),
      series: [
        {
          type: 'pie',
          radius: look.narrow ? '48%' : '66%',
          startAngle: 90,
          data: largestFirst,
          itemStyle: { borderColor: look.surface, borderWidth: 2 },
          label: { color: look.ink, fontSize: look.size, lineHeight: look.size * 1.5, overflow: 'none', formatter: ({ name, value }) => `${name}\n${number(Number(value))} 人${look.narrow ? '\n' : '，'}${((Number(value) / sum) * 100).toFixed(1)}%` },
          labelLine: { length: look.narrow ? 6 : 15, length2: look.narrow ? 4 : 15, lineStyle: { color: look.quiet } },
        },
      ],
    },
  }
}

function several(grid: Grid, look: Look, stacked: boolean): Picture {
  const largestSum = Math.max(1, ...grid.categories.map((_, nth) => total(grid.series.map(({ values }) => values[nth] ?? 0))))
  const legendRows = look.narrow ? Math.ceil(grid.series.length / 2) : 1
  const fits = (value: number) => value / largestSum > (look.narrow ? 0.2 : 0.05)
  return {
    height: heightFor(look, grid.categories, stacked ? 1 : Math.max(1, grid.series.length * 0.75)) + 28 * legendRows,
    note: '',
    option: {
      ...base(look),
      color: colours(look),
      legend: { top: 0, left: 0, icon: 'rect', itemWidth: 12, itemHeight: 12, textStyle: { color: look.ink, fontSize: look.size } },
      grid: { left: 4, right: stacked ? 24 : 56, top: 12 + 28 * legendRows, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      yAxis: rowAxis(look, grid.categories),
      xAxis: valueAxis(look),
      series: grid.series.map(({ name, values }, nth) => ({
        type: 'bar' as const,
        name,
        data: values,
        stack: stacked ? 'all' : undefined,
        barMaxWidth: 22,
        itemStyle: { borderColor: look.surface, borderWidth: stacked ? 1 : 0 },
        label: {
          show: true,
          position: stacked ? ('inside' as const) : ('right' as const),
          color: stacked ? onDark(look, nth) : look.ink,
          fontSize: look.size,
          formatter: ({ value }: { value?: unknown }) => (!stacked || fits(Number(value)) ? number(Number(value)) : ''),
        },
      })),
    },
  }
}

/** Bands upwards, 男 to the left, 女 to the right. `flipped`: the bands are the series, the genders the categories. */
function pyramid(given: Grid, look: Look): Picture {
  const flipped = given.categories.some(name => name === '男' || name === '女')
  const grid = flipped ? transposed(given) : given
  const sideOf = (name: string) => grid.series.find(series => series.name === name)?.values ?? grid.categories.map(() => 0)
  const [men, women] = [sideOf('男'), sideOf('女')]
  const [mostMen, mostWomen] = [Math.max(1, ...men), Math.max(1, ...women)]
  // One scale for both sides, and at each end the room of a label.
  const label = look.narrow ? 0.18 : 0.07
  const room = ((mostMen + mostWomen) / (1 - 2 * label)) * label
  const gap = look.narrow ? '\n' : ' '
  const headings = [-mostMen / 2, mostWomen / 2]
  const side = (name: string, values: number[], colour: string, position: 'left' | 'right', sign: number) => ({
    type: 'bar' as const,
    name,
    // One over the other, not stacked: a stacked 0 would stand at the other side's end.
    barGap: '-100%',
    data: values.map(value => value * sign),
    barWidth: '76%',
    itemStyle: { color: colour },
    label: { show: true, position, color: look.ink, fontSize: look.size, formatter: labelled },
  })
  return {
    height: heightFor(look, grid.categories) + (look.narrow ? 16 : 0),
    note: '',
    option: {
      ...base(look),
      grid: { left: 4, right: 4, top: 32, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: { trigger: 'item', confine: true, formatter: one => (Array.isArray(one) ? '' : `${one.name}，${one.seriesName}：${number(Number(one.value))} 人`), textStyle: { fontFamily: look.font, fontSize: look.size, color: look.ink } },
      yAxis: { ...categoryAxis(look, grid.categories), axisLine: { show: false } },
      xAxis: {
        type: 'value',
        min: -mostMen - room,
        max: mostWomen + room,
        position: 'top',
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: { customValues: headings, color: look.ink, fontSize: look.size, fontWeight: 600, lineHeight: look.size * 1.3, formatter: (at: number) => (at < 0 ? `男${gap}${number(total(men))} 人` : `女${gap}${number(total(women))} 人`) },
      },
      series: [side('男', men, look.greys[0] ?? look.quiet, 'left', -1), side('女', women, look.accent, 'right', 1)],
    },
  }
}

export function transposed({ categories, series }: Grid): Grid {
  return { categories: series.map(({ name }) => name), series: categories.map((name, nth) => ({ name, values: series.map(({ values }) => values[nth] ?? 0) })) }
}

function line(grid: Grid, look: Look): Picture {
  const alone = grid.series.length === 1
  const room = alone && grid.categories.length <= (look.narrow ? 6 : 14)
  return {
    height: 340,
    note: '',
    option: {
      ...base(look),
      color: colours(look),
      tooltip: { trigger: 'axis', confine: true, textStyle: { fontFamily: look.font, fontSize: look.size, color: look.ink } },
      grid: { left: 4, right: alone ? 28 : look.size * 7, top: 28, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      xAxis: { ...categoryAxis(look, grid.categories), boundaryGap: room, axisLabel: { color: look.ink, fontSize: look.size, hideOverlap: true } },
      yAxis: { ...valueAxis(look), axisLabel: { show: !room, color: look.quiet, fontSize: look.size } },
      series: grid.series.map(({ name, values }) => ({
        type: 'line' as const,
        name,
        data: values,
        symbolSize: 7,
        lineStyle: { width: 2 },
        label: { show: room, position: 'top' as const, color: look.ink, fontSize: look.size, formatter: labelled },
        endLabel: { show: !alone, color: look.ink, fontSize: look.size, formatter: '{a}', width: look.size * 6, overflow: 'break' as const },
        labelLayout: { moveOverlap: 'shiftY' as const },
      })),
    },
  }
}

/** Dimensions whose values have no order of their own. */
const UNORDERED = new Set(['org', 'ethnicity', 'occupation', 'employment'])

/** The picture of a grid. `first` = the dimension of its categories. */
export function pictureOf(kind: Kind, grid: Grid, first: string, look: Look): Picture {
  if (kind === 'pie') return pie(grid, look)
  if (kind === 'pyramid') return pyramid(grid, look)
  if (kind === 'line') return line(fewSeries(grid, MOST_LINES), look)
  if (kind === 'bar' && first === 'joined_year') return columns(grid, look)
  const many = grid.categories.length > MOST_BARS
  const shown = UNORDERED.has(first) || many ? largest(grid, MOST_BARS) : grid
  const merged = fewSeries(shown)
  const picture = kind === 'bar' ? bar(merged, look) : several(merged, look, kind === 'stacked')
  const notes = [many ? `图中只画人数最多的 ${MOST_BARS} 项` : '', merged !== shown ? `图中较小的 ${grid.series.length - MOST_SERIES + 1} 项合并为「其余」` : '']
  const note = notes.filter(Boolean).join('，')
  return { ...picture, note: note && `${note}，全部数字见下表。` }
}
