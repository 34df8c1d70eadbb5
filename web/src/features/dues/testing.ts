// Synthetic dues for the tests of this feature.
import type { Schemas } from '@/api/types'
import type { DuesLine, DuesMonth } from './dues'

export function line(part: Partial<DuesLine> = {}): DuesLine {
  return {
    id: '1', version: 3, month: '2026-03', person_id: '7', person_name: '慕容雪', state: 'open', payer: 'employed', base: 800_000, per_myriad: 150, due: 12_000,
    arithmetic: '基数 8,000.00 × 1.5% = ¥120.00', unreduced: null, payment: null, owed_before: 0, refusal: null,
    ...part,
  }
}
export const statement: Schemas['DuesStatementView'] = {
  id: '90', version: 5, generated_at: 0, generated_by: '周明', people: 2, open: 2, due: 24_000, paid: 0, voluntary: 0, handed: 0, handed_on: null, settled_on: null, to_hand_up: 0,
}
export function month(part: Partial<DuesMonth> = {}): DuesMonth {
  return { org_id: '10', org_name: '飞行党支部', month: '2026-03', collects: true, keeps_books: true, statement, refusal: null, lines: [line()], ...part }
}
export const payment = { id: '5', on: '2026-03-04', way: 'cash', amount: 12_000, voluntary: 0, receipt: null, booked_at: 0, booked_by: '周明', handed_on: null } as const
