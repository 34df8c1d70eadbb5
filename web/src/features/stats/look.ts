// The chart's look from the client's tokens, as they stand on the page now (large type, high contrast).
import type { Look } from './option'

const NARROW = 560

export function lookOf(place: Element): Look {
  const style = getComputedStyle(place)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    accent: token('--chart-accent'),
    greys: ['--chart-1', '--chart-2', '--chart-3', '--ink', '--line'].map(token),
    ink: token('--ink'),
    quiet: token('--ink-2'),
    line: token('--line'),
    surface: token('--surface'),
    font: token('--font'),
    size: Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 14,
    narrow: place.clientWidth < NARROW,
  }
}
