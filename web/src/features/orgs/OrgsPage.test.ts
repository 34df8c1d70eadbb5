import { beforeEach, describe, expect, it } from 'vitest'
import { button, control, open, press, readable, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import { putSession } from '@/session/session'
import OrgsPage from './OrgsPage.vue'
import { row, TREE } from './testing'

beforeEach(() => putSession(sessionOf('party_staff')))

describe('OrgsPage', () => {
  it('reads page after page until all are there', async () => {
    const asked = serve({ 'GET /api/orgs': ({ query }: { query: URLSearchParams }) => (query.get('cursor') ? { items: TREE.slice(3), next: null } : { items: TREE.slice(0, 3), next: 'more' }) })
    await open(OrgsPage)
    expect(asked.map(({ query }) => query.get('cursor'))).toEqual([null, 'more'])
    expect(readable()).toContain('共 5 个组织')
  })

  it('keeps what was read when a further page fails, and says so', async () => {
    serve({ 'GET /api/orgs': ({ query }: { query: URLSearchParams }) => (query.get('cursor') ? problem(503, 'store_failed', '数据库暂时不可用。') : { items: TREE.slice(0, 3), next: 'more' }) })
    await open(OrgsPage)
    expect(readable()).toContain('数据库暂时不可用。')
    expect(readable()).toContain('机务党总支')
    expect(readable()).toContain('仅读到 3 个')
  })

  it('puts only the first hundred of a great many rows into the page', async () => {
    serve({ 'GET /api/orgs': { items: [TREE[0], ...Array.from({ length: 5000 }, (_, i) => row(String(100 + i), '1'))], next: null } })
    const { page } = await open(OrgsPage)
    expect(page.findAll('tbody tr')).toHaveLength(100)
    expect(readable()).toContain('共 5,001 个组织')
  })

  it('opens and closes an organisation', async () => {
    serve({ 'GET /api/orgs': { items: TREE, next: null } })
    await open(OrgsPage)
    await press('收起机务党总支的下级组织')
    expect(readable()).not.toContain('机务第一党支部')
    await press('展开机务党总支的下级组织')
    expect(readable()).toContain('机务第一党支部')
  })

  it('moves from row to row with the arrow keys', async () => {
    serve({ 'GET /api/orgs': { items: TREE, next: null } })
    await open(OrgsPage)
    const first = document.querySelector<HTMLElement>('[data-org="1"]')
    first?.focus()
    first?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }))
    await settle()
    expect(document.activeElement?.getAttribute('data-org')).toBe('2')
  })

  it('shows where a found organisation stands', async () => {
    serve({ 'GET /api/orgs': { items: TREE, next: null } })
    await open(OrgsPage)
    const box = control('按名称或编码查找')
    box.value = '第一党小组'
    box.dispatchEvent(new Event('input'))
    await settle()
    expect(readable()).toContain('示例集团党委 / 机务党总支 / 机务第一党支部')
    expect(readable()).not.toContain('飞行党支部')
  })

  it('offers import and a new one when there is nothing', async () => {
    serve({ 'GET /api/orgs': { items: [], next: null } })
    await open(OrgsPage)
    expect(readable()).toContain('还没有党组织')
    expect(button('新建组织')).toBeTruthy()
  })

  it('offers a supervisor nothing that changes anything', async () => {
    putSession(sessionOf('supervisor'))
    serve({ 'GET /api/orgs': { items: TREE, next: null } })
    await open(OrgsPage)
    expect(readable()).not.toContain('新建组织')
    expect(readable()).not.toContain('导入组织表')
  })
})
