import { beforeEach, expect, it } from 'vitest'
import { putSession } from '@/session/session'
import { open, press, readable, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import { arrived } from './live'
import NoticesPage from './NoticesPage.vue'
import { notice } from './testing'

const yesterday = new Date(2026, 2, 4, 8, 0).getTime()
const inbox = {
  items: [notice(), notice({ id: '8', title: '党费还没有收齐', created_at: yesterday }), notice({ id: '7', title: '换届已办', unread: false, closed: true, link: null })],
  next: null,
  unread: 2,
}
beforeEach(() => putSession(sessionOf('secretary')))

it('shows what waits first, by days', async () => {
  serve({ 'GET /api/notices': inbox })
  const { page } = await open(NoticesPage)
  expect(page.findAll('h2, h3').map(one => one.text())).toEqual(['未读', '2026年3月5日，今天', '2026年3月4日', '已读', '2026年3月5日，今天'])
  expect(page.find('header').text()).toContain('2 条未读')
})

it('leads to where it is done, and marks it read', async () => {
  const asked = serve({ 'GET /api/notices': inbox, 'POST /api/notices/9/read': null })
  const { page, router } = await open(NoticesPage)
  await page.find('a.title').trigger('click')
  await settle()
  expect(router.currentRoute.value.fullPath).toBe('/life?org=11')
  expect(asked.at(-1)).toMatchObject({ method: 'POST', path: '/api/notices/9/read' })
  expect(page.find('header').text()).toContain('1 条未读')
})

it('has no link where the account has no part in doing it', async () => {
  serve({ 'GET /api/notices': inbox })
  const { page } = await open(NoticesPage)
  expect(page.findAll('a.title').map(one => one.text())).not.toContain('换届已办')
  expect(readable()).toContain('换届已办')
})

it('marks all that was seen as read', async () => {
  const asked = serve({ 'GET /api/notices': inbox, 'POST /api/notices/read': null })
  await open(NoticesPage)
  await press('全部标为已读')
  expect(asked.find(one => one.path === '/api/notices/read')?.body).toEqual({ up_to: '9' })
  expect(asked.at(-1)).toMatchObject({ method: 'GET', path: '/api/notices' })
})

it('shows a refusal and keeps the notice unread', async () => {
  serve({ 'GET /api/notices': inbox, 'POST /api/notices/9/read': problem(404, 'not_found', '没有这条提醒。请刷新页面。') })
  const { page } = await open(NoticesPage)
  await press('标为已读：支委会还没有开')
  expect(readable()).toContain('没有这条提醒。请刷新页面。')
  expect(page.findAll('.notice.unread')).toHaveLength(2)
})

it('goes on from the cursor', async () => {
  const asked = serve({ 'GET /api/notices': { ...inbox, next: 'r7' } })
  await open(NoticesPage)
  await press('再显示一些')
  expect(asked.at(-1)?.query.get('cursor')).toBe('r7')
})

it('says that something new has come, and shows it when asked', async () => {
  const asked = serve({ 'GET /api/notices': inbox })
  await open(NoticesPage)
  arrived.value += 1
  await settle()
  expect(asked).toHaveLength(1)
  await press('显示新消息')
  expect(asked).toHaveLength(2)
  expect(readable()).not.toContain('有新消息')
})

it('says so when there is none, and leads on', async () => {
  serve({ 'GET /api/notices': { items: [], next: null, unread: 0 } })
  const { router } = await open(NoticesPage, { at: '/notices' })
  expect(readable()).toContain('没有消息')
  await press('查看待办')
  expect(router.currentRoute.value.path).toBe('/')
})

it('says what went wrong when it cannot be read', async () => {
  serve({ 'GET /api/notices': problem(503, 'unavailable', '服务暂时不可用，请稍后再试。') })
  await open(NoticesPage)
  expect(readable()).toContain('服务暂时不可用，请稍后再试。')
})
