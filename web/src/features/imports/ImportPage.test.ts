import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Schemas } from '@/api/types'
import { open, press, readable, settle } from '@/testing/open'
import { serve } from '@/testing/server'
import ImportPage from './ImportPage.vue'

const finding = (code: string, message: string) => ({ column: '身份证号码', code, message })
const rejected = (row: number): Schemas['RowReport'] => ({ row, seq: row - 3, accepted: false, errors: [finding('id_checksum', '校验码不符')], warnings: [] })
const accepted = (row: number): Schemas['RowReport'] => ({ row, seq: row - 3, accepted: true, errors: [], warnings: [] })
const run = (part: Partial<Schemas['Import']>): Schemas['Import'] => ({
  id: '7', kind: 'members', file_name: '花名册.xlsx', dry_run: true, state: 'done', processed: 20, total: 20, created_at: 0, report: null, ...part,
})
const report = (rows: Schemas['RowReport'][]) => ({ rows, accepted: rows.filter(row => row.accepted).length, rejected: rows.filter(row => !row.accepted).length, orgs_created: 0 })
const show = (one: Schemas['Import']) => {
  serve({ 'GET /api/imports/7': one })
  return open(ImportPage, { props: { id: '7' } })
}

describe('ImportPage', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('asks again while the run is going, and stops when it has ended', async () => {
    const answers = [run({ state: 'running', processed: 5, report: null }), run({ report: report([accepted(4)]) })]
    const asked = serve({ 'GET /api/imports/7': () => answers.shift() })
    const { page } = await open(ImportPage, { props: { id: '7' } })
    expect(page.find('[role=progressbar]').attributes('aria-valuenow')).toBe('25')
    await vi.advanceTimersByTimeAsync(1000)
    await settle()
    expect(readable()).toContain('1 行全部合格')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toHaveLength(2)
  })

  it('shows the rejected rows first, and all rows on request', async () => {
    await show(run({ report: report([accepted(4), rejected(5)]) }))
    expect(readable()).toContain('第 5 行')
    expect(readable()).not.toContain('第 4 行')
    await press('全部 2')
    expect(readable()).toContain('第 4 行')
  })

  it('puts no more than one page of a long report into the document', async () => {
    const { page } = await show(run({ report: report(Array.from({ length: 5000 }, (_, n) => rejected(n + 4))) }))
    expect(page.findAll('tbody tr')).toHaveLength(50)
    await press('下一页')
    expect(page.find('tbody th').text()).toBe('第 54 行')
  })

  it('says in words why a file could not be read', async () => {
    await show(run({ state: 'failed', report: { ...report([]), error: { code: 'bad_file', message: '文件有密码，请去掉密码后再导入。' } } }))
    expect(readable()).toContain('文件有密码，请去掉密码后再导入。')
    expect(readable()).toContain('换一个文件')
    expect(readable()).not.toContain('bad_file')
  })

  it('asks for the file again when this tab no longer has it', async () => {
    await show(run({ report: report([accepted(4)]) }))
    expect(readable()).toContain('重新选择文件')
    expect(readable()).not.toContain('正式导入 1 行')
  })
})
