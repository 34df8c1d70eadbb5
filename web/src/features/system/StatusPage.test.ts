import { expect, it } from 'vitest'
import { open } from '@/testing/open'
import { serve } from '@/testing/server'
import StatusPage from './StatusPage.vue'

const system = { version: '0.1.0', started_at: 0, database: 'SQLite', database_bytes: 1, files: 0, files_bytes: 0, accounts: 3, sessions: 1, ledger_entries: 9, jobs_waiting: 0 }
const ways = { 'GET /api/notices/ways': { site: '', mail: null, webhook: null, counts: [] }, 'GET /api/notices/deliveries': { items: [], next: null } }

it('puts what needs a hand before what is well', async () => {
  serve({ ...ways, 'GET /api/system': { ...system, checks: [{ name: '数据库', ok: true, message: '正常' }, { name: '备份', ok: false, message: '最近一次备份是 9 天前。' }] } })
  const { page } = await open(StatusPage)
  expect(page.findAll('.check strong').map(name => name.text())).toEqual(['备份', '数据库'])
  expect(page.find('header').text()).toContain('1 项需要处理')
})
