import { expect, it } from 'vitest'
import { open, readable } from '@/testing/open'
import { serve } from '@/testing/server'
import OwnDues from './OwnDues.vue'
import { line, payment } from './testing'

const bases = [{ from_month: '2026-01', payer: 'employed', base: 800_000, arithmetic: '基数 8,000.00 × 1.5% = ¥120.00' }]

it('says what is owed and how it was reckoned', async () => {
  const months = [{ org_name: '飞行党支部', line: line() }, { org_name: '飞行党支部', line: line({ id: '2', month: '2026-02', state: 'paid', payment: { ...payment } }) }]
  serve({ 'GET /api/me/dues': { bases, months, owed: 12_000, owed_months: 1 } })
  await open(OwnDues)
  expect(readable()).toContain('还有 1 个月未交，共 ¥120.00')
  expect(readable()).toContain('2026-03-04 现金')
})

it('says what a reduction leaves to be paid', async () => {
  serve({ 'GET /api/me/dues': { bases, months: [{ org_name: '飞行党支部', line: line({ due: 5_000, unreduced: 12_000 }) }], owed: 5_000, owed_months: 1 } })
  await open(OwnDues)
  expect(readable()).toContain('经批准交 ¥50.00')
})

it('says that there is nothing yet', async () => {
  serve({ 'GET /api/me/dues': { bases: [], months: [], owed: 0, owed_months: 0 } })
  await open(OwnDues)
  expect(readable()).toContain('还没有党费记录')
})
