// Names and small reckonings of dues. Pure.
import type { Schemas } from '@/api/types'

export type DuesMonth = Schemas['DuesMonth']
export type DuesLine = Schemas['DuesLineView']
export type DuesStatement = Schemas['DuesStatementView']
export type DuesSums = Schemas['DuesSumsView']
export type DuesPlace = Schemas['DuesPlaceView']
export type DuesMember = Schemas['DuesMember']
export type Reduction = Schemas['ReductionView']
export type Payer = Schemas['DuesPayer']
export type Way = Schemas['DuesWay']

export const STATES = {
  no_base: { tone: 'wait', text: '未核定基数' },
  open: { tone: 'wait', text: '未交' },
  paid: { tone: 'good', text: '已交' },
  exempt: { tone: 'quiet', text: '免交' },
} as const

export const PAYERS: { payer: Payer; name: string; based: boolean; hint: string }[] = [
  { payer: 'employed', name: '在职', based: true, hint: '每月税后工资收入' },
  { payer: 'retired', name: '离退休', based: true, hint: '每月养老金' },
  { payer: 'student', name: '学生', based: false, hint: '每月固定金额，不填基数' },
  { payer: 'unemployed', name: '下岗失业', based: false, hint: '每月固定金额，不填基数' },
  { payer: 'relief', name: '抚恤救济或低保', based: false, hint: '每月固定金额，不填基数' },
  { payer: 'farmer', name: '农民', based: true, hint: '每月交纳的金额' },
]
export const payerOf = (payer: Payer) => PAYERS.find(one => one.payer === payer) ?? { payer, name: '', based: true, hint: '' }

export const WAYS: { way: Way; name: string }[] = [
  { way: 'payroll', name: '工资扣缴' },
  { way: 'cash', name: '现金' },
  { way: 'bank', name: '银行转账' },
]
export const wayName = (way: Way) => WAYS.find(one => one.way === way)?.name ?? ''

export const REDUCTION_STATES = {
  asked: { tone: 'wait', text: '待上级批准' },
  approved: { tone: 'good', text: '已批准' },
  refused: { tone: 'late', text: '未批准' },
  withdrawn: { tone: 'quiet', text: '已撤回' },
} as const

/** 2026-11 → 2026年11月 */
export function monthWords(month: string) {
  return `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`
}

/** The month so many months later (earlier when negative). */
export function addMonths(month: string, months: number) {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + months
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`
}

/** Months from one to another, both included. */
export function monthsBetween(from: string, to: string) {
  const months: string[] = []
  for (let month = from; month <= to && months.length < 240; month = addMonths(month, 1)) months.push(month)
  return months
}

export type Cell = { tone: 'none' | 'quiet' | 'wait' | 'good'; text: string; full: string }

/** What one organisation's month looks like to its superior: nothing to be asked for in months to come. */
export function cellOf(place: DuesPlace, month: string, thisMonth: string): Cell {
  const sums = place.months.find(one => one.month === month)
  if (month > thisMonth || !place.collectors) return { tone: 'none', text: '', full: '' }
  // The name read aloud begins with the word that is seen.
  const cell = (tone: Cell['tone'], text: string, more: string): Cell => ({ tone, text, full: `${text}：${place.name}${monthWords(month)}${more}` })
  if (!sums) return cell('quiet', '未生成', '的应交清单')
  if (sums.settled >= place.collectors) return cell('good', '交清', '')
  if (place.collectors > 1) return cell('wait', `${sums.settled}/${place.collectors}`, `，${place.collectors} 个支部中 ${sums.settled} 个已交清，${sums.open} 人未交`)
  return cell('wait', `差 ${sums.open} 人`, '')
}
