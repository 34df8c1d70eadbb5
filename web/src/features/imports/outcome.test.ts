import { describe, expect, it } from 'vitest'
import type { Schemas } from '@/api/types'
import { headline, nextStep } from './outcome'

const run = (accepted: number, rejected: number, rest: Partial<Schemas['Import']> = {}): Schemas['Import'] => ({
  id: '1', kind: 'members', file_name: '名册.xlsx', dry_run: false, state: 'done', processed: 0, total: 0, created_at: 0,
  report: { rows: [], accepted, rejected, orgs_created: 0 },
  ...rest,
})

describe('outcome of a run', () => {
  it('leads from a trial with good rows to the real import', () => {
    expect(nextStep(run(6, 14, { dry_run: true }))).toBe('import')
  })
  it('leads from a trial without a good row to mending', () => {
    expect(nextStep(run(0, 14, { dry_run: true }))).toBe('mend')
  })
  it('leads from a real import with rejected rows to mending', () => {
    expect(nextStep(run(6, 14))).toBe('mend')
  })
  it('leads to the register when everything is in', () => {
    expect(nextStep(run(20, 0))).toBe('open')
  })
  it('leads to another file when this one cannot be read', () => {
    expect(nextStep(run(0, 0, { state: 'failed', report: null }))).toBe('choose')
  })
  it('never says that a trial has written anything', () => {
    expect(headline(run(6, 14, { dry_run: true }))).toBe('试过了：6 行合格，14 行要改')
    expect(headline(run(6, 14))).toBe('已导入 6 行，退回 14 行')
  })
})
