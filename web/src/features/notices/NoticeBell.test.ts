import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { open, settle } from '@/testing/open'
import NoticeBell from './NoticeBell.vue'

class Source extends EventTarget {
  static readonly CLOSED = 2
  static opened: Source[] = []
  readyState = 1
  constructor(readonly url: string) {
    super()
    Source.opened.push(this)
  }
  close() {
    this.readyState = 2
  }
  async say(type: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }))
    await settle()
  }
}
const last = () => Source.opened.at(-1)!
async function turn(hidden: boolean) {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden)
  document.dispatchEvent(new Event('visibilitychange'))
  await settle()
}
beforeEach(() => {
  Source.opened = []
  vi.stubGlobal('EventSource', Source)
})
afterEach(() => {
  vi.useRealTimers()
})

it('leads to the inbox and shows what waits', async () => {
  const { page } = await open(NoticeBell)
  await last().say('unread', { unread: 3 })
  expect(last().url).toBe('/api/notices/live')
  expect(page.find('a').attributes()).toMatchObject({ href: '/notices', 'aria-label': '消息，3 条未读' })
  expect(page.find('.number').text()).toBe('3')
})

it('says nothing at first, then only the new number', async () => {
  const { page } = await open(NoticeBell)
  await last().say('unread', { unread: 3 })
  expect(page.find('[role=status]').text()).toBe('')
  await last().say('unread', { unread: 4 })
  expect(page.find('[role=status]').text()).toBe('4 条未读消息')
})

it('shows no number when all is read', async () => {
  const { page } = await open(NoticeBell)
  await last().say('unread', { unread: 0 })
  expect(page.find('.number').exists()).toBe(false)
})

it('closes while the page is hidden and opens again', async () => {
  await open(NoticeBell)
  const before = last()
  await turn(true)
  expect(before.readyState).toBe(2)
  expect(Source.opened).toHaveLength(1)
  await turn(false)
  expect(Source.opened).toHaveLength(2)
})

it('comes back some time after a refusal', async () => {
  await open(NoticeBell)
  vi.useFakeTimers()
  last().readyState = 2
  last().dispatchEvent(new Event('error'))
  expect(Source.opened).toHaveLength(1)
  vi.advanceTimersByTime(10_000)
  expect(Source.opened).toHaveLength(2)
})

it('closes with the page', async () => {
  const { page } = await open(NoticeBell)
  page.unmount()
  expect(last().readyState).toBe(2)
})

it('stays a plain link where the browser has no live events', async () => {
  vi.stubGlobal('EventSource', undefined)
  const { page } = await open(NoticeBell)
  expect(page.find('a').attributes('aria-label')).toBe('消息')
})
