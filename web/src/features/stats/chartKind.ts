// Which pictures suit a table, the best first. Pure.
import type { Query } from './query'

export type Kind = 'bar' | 'pie' | 'pyramid' | 'stacked' | 'grouped' | 'line'
export const KIND_NAMES: Record<Kind, string> = { bar: '条形图', pie: '饼图', pyramid: '年龄金字塔', stacked: '堆叠图', grouped: '并列图', line: '折线图' }

const FEW_SHARES = 4
const BANDS = ['age_band', 'party_age_band']

export function kindsFor({ by, years }: Pick<Query, 'by' | 'years'>, categories: number): Kind[] {
  if (years) return ['line']
  const [first, second] = by
  if (!first || !categories) return []
  if (!second) {
    if (categories > FEW_SHARES || categories < 2) return ['bar']
    return first === 'gender' || first === 'status' ? ['pie', 'bar'] : ['bar', 'pie']
  }
  const pyramid = by.includes('gender') && by.slice(0, 2).some(key => BANDS.includes(key)) && by.indexOf('gender') < 2
  return pyramid ? ['pyramid', 'stacked', 'grouped'] : ['stacked', 'grouped']
}
