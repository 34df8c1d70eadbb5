// ECharts with only what these pages draw; loaded when the first chart is shown, never with a page.
import { BarChart, LineChart, PieChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { CanvasRenderer } from 'echarts/renderers'
import type { EChartsOption } from 'echarts'

use([BarChart, LineChart, PieChart, GridComponent, LegendComponent, TooltipComponent, LabelLayout, CanvasRenderer])

export type Chart = ReturnType<typeof init>

export const draw = (place: HTMLElement): Chart => init(place)

/** A picture with its title and subtitle above it, as a PNG at twice the size. */
export function pngOf(option: EChartsOption, height: number, width: number, words: { title: string; subtitle: string; font: string; ink: string; quiet: string; ground: string }): Promise<Blob> {
  const scale = 2
  const margin = 32
  const head = 96
  const place = document.createElement('div')
  const chart = init(place, null, { width: width - 2 * margin, height, devicePixelRatio: scale })
  chart.setOption(option)
  const picture = chart.renderToCanvas({ pixelRatio: scale, backgroundColor: words.ground })
  const canvas = document.createElement('canvas')
  canvas.width = width * scale
  canvas.height = (head + height + margin) * scale
  const pen = canvas.getContext('2d')!
  pen.scale(scale, scale)
  pen.fillStyle = words.ground
  pen.fillRect(0, 0, width, head + height + margin)
  pen.fillStyle = words.ink
  pen.font = `600 20px ${words.font}`
  pen.fillText(words.title, margin, 44, width - 2 * margin)
  pen.fillStyle = words.quiet
  pen.font = `14px ${words.font}`
  pen.fillText(words.subtitle, margin, 72, width - 2 * margin)
  pen.drawImage(picture, margin, head, width - 2 * margin, height)
  chart.dispose()
  return new Promise((resolve, reject) => canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'))
}
