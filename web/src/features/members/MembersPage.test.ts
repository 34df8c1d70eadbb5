import { beforeEach, describe, expect, it } from 'vitest'
import { button, fill, open, press, readable, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import { putSession } from '@/session/session'
import MembersPage from './MembersPage.vue'
import { FIELDS, memberRow } from './testing'

const fields = { 'GET /api/members/fields': { items: FIELDS } }
beforeEach(() => putSession(sessionOf('party_staff')))

describe('MembersPage', () => {
  it('asks with the filters of the address', async () => {
    const asked = serve({ ...fields, 'GET /api/members': { items: [memberRow('1', '周明')], next: null, total: 1 }, 'GET /api/orgs/33': { id: '33', name: '机务第三党支部' } })
    await open(MembersPage, { at: '/members?org=33&stage=full' })
    const query = asked.find(({ path }) => path === '/api/members')?.query
    expect([query?.get('org'), query?.get('stage')]).toEqual(['33', 'full'])
    expect(readable()).toContain('机务第三党支部有哪些人')
  })

  it('puts a filter into the address, where it can be passed on', async () => {
    serve({ ...fields, 'GET /api/members': { items: [memberRow('1', '周明')], next: null, total: 1 } })
    const { router } = await open(MembersPage, { at: '/members' })
    await fill('姓名或号码末位', '周明')
    document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
    await settle()
    expect(router.currentRoute.value.query).toEqual({ q: '周明' })
  })

  it('adds the next rows and tells the total', async () => {
    serve({ ...fields, 'GET /api/members': ({ query }: { query: URLSearchParams }) => (query.get('cursor') ? { items: [memberRow('2', '欧阳明远')], next: null, total: 2 } : { items: [memberRow('1', '周明')], next: 'x', total: 2 }) })
    await open(MembersPage)
    expect(readable()).toContain('已显示 1 人，共 2 人')
    await press('再显示一些')
    expect(readable()).toContain('欧阳明远')
    expect(readable()).toContain('周明')
  })

  it('says before an export that it is masked and recorded', async () => {
    serve({ ...fields, 'GET /api/members': { items: [memberRow('1', '周明')], next: null, total: 37 } })
    await open(MembersPage)
    await press('导出名册')
    expect(readable()).toContain('37 人')
    expect(readable()).toContain('已脱敏')
    expect(readable()).toContain('写入留痕')
  })

  it('offers to clear the filters when nothing fits them', async () => {
    serve({ ...fields, 'GET /api/members': { items: [], next: null, total: 0 } })
    const { router } = await open(MembersPage, { at: '/members?q=甲' })
    expect(readable()).toContain('没有符合条件的人员')
    const clears = [...document.querySelectorAll('button')].filter(one => one.textContent?.trim() === '清除条件')
    clears.at(-1)?.click()
    await settle()
    expect(router.currentRoute.value.query).toEqual({})
  })

  it('says what went wrong and reads again on request', async () => {
    let down = true
    serve({ ...fields, 'GET /api/members': () => (down ? problem(503, 'store_failed', '数据库暂时不可用。') : { items: [memberRow('1', '周明')], next: null, total: 1 }) })
    await open(MembersPage)
    expect(readable()).toContain('数据库暂时不可用。')
    down = false
    button('重新读取').click()
    await settle()
    expect(readable()).toContain('周明')
  })
})
