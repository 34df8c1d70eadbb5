import { beforeEach, describe, expect, it } from 'vitest'
import type { Schemas } from '@/api/types'
import { putSession } from '@/session/session'
import { open, press, readable, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import WorkbenchPage from './WorkbenchPage.vue'

const counts = { orgs: 12, full: 340, probationary: 9, pending_changes: 1, pending_transfers: 2 }
function item(part: Partial<Schemas['WorkItem']>): Schemas['WorkItem'] {
  return { kind: 'transfer', title: '接收慕容雪的组织关系', detail: '', due: null, overdue_days: null, rule: null, link: '/transfers', action: '办理接收', ...part }
}

describe('WorkbenchPage', () => {
  beforeEach(() => putSession(sessionOf('secretary')))

  it('says until when, in days of the server\'s date', async () => {
    serve({ 'GET /api/workbench': { items: [item({ due: '2026-03-03', overdue_days: 2 }), item({ title: '筹备换届', due: '2026-03-08' })], counts } })
    await open(WorkbenchPage)
    expect(readable()).toContain('逾期 2 天')
    expect(readable()).toContain('还有 3 天')
    expect(readable()).toContain('其中 1 项已逾期')
  })

  it('shows the ground of a duty with one click', async () => {
    serve({ 'GET /api/grounds': { items: [{ rule: 'ORG-02', regulation: '支部条例', article: '第四条', since: '2018-10-28', text: '党支部党员人数一般不超过 50 人。', treatment: 'warn', treatment_name: '警' }] }, 'GET /api/workbench': { items: [item({ rule: 'ORG-02' })], counts } })
    await open(WorkbenchPage)
    await press('依据 ORG-02')
    await settle()
    expect(readable()).toContain('党支部党员人数一般不超过 50 人')
  })

  it('leads to where the duty is done', async () => {
    serve({ 'GET /api/workbench': { items: [item({ link: '/transfers?state=pending' })], counts } })
    const { router } = await open(WorkbenchPage)
    await press('办理接收：接收慕容雪的组织关系')
    expect(router.currentRoute.value.fullPath).toBe('/transfers?state=pending')
  })

  it('opens the rows behind each number', async () => {
    serve({ 'GET /api/workbench': { items: [], counts } })
    const { page } = await open(WorkbenchPage)
    expect(page.findAll('.numbers a').map(link => `${link.attributes('href')} ${link.find('.value').text()}`)).toEqual([
      '/orgs 12',
      '/members?stage=full 340',
      '/members?stage=probationary 9',
      '/changes 1',
      '/transfers 2',
    ])
  })

  it('is calm when nothing is to be done, and shows a system duty no member numbers', async () => {
    putSession(sessionOf('auditor'))
    serve({ 'GET /api/workbench': { items: [], counts } })
    const { page } = await open(WorkbenchPage)
    expect(readable()).toContain('目前没有要办的事')
    expect(page.findAll('a').map(link => link.attributes('href'))).toEqual(['/system/ledger'])
  })

  it('offers to read again after a failure', async () => {
    let fails = true
    serve({ 'GET /api/workbench': () => (fails ? problem(503, 'store_failed', '暂时无法读取。') : { items: [], counts }) })
    await open(WorkbenchPage)
    expect(readable()).toContain('暂时无法读取。')
    fails = false
    await press('重新读取')
    expect(readable()).toContain('目前没有要办的事')
  })
})
