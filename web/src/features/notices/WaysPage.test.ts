import { beforeEach, expect, it, vi } from 'vitest'
import type { Role, Schemas } from '@/api/types'
import { putSession } from '@/session/session'
import { fill, open, press, readable, send, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import { wishes } from './testing'
import WaysPage from './WaysPage.vue'

type Replies = Parameters<typeof serve>[0]
const feed = { id: '4', org_id: null, org_name: null, created_at: 0 }
async function openWays(part: Partial<Schemas['NoticeWishes']> = {}, replies: Replies = {}, role: Role = 'member') {
  putSession(sessionOf(role))
  const asked = serve({
    'GET /api/notices/wishes': wishes(part),
    'GET /api/notices/calendars': { items: [] },
    'GET /api/notices/rhythm': { soon_days: 3, escalate_days: 7, may_set: false },
    ...replies,
  })
  const { page } = await open(WaysPage)
  return { page, asked, sent: () => asked.find(one => one.method !== 'GET') }
}
const form = (label: string) => [...document.querySelectorAll('form')].find(one => one.textContent?.includes(label)) ?? null
beforeEach(() => putSession(null))

it('saves what was ticked, with the hours', async () => {
  const { page, sent } = await openWays({}, { 'PUT /api/notices/wishes': null })
  await page.find('input[type=checkbox][value=reminder]').setValue(true)
  await send(form('怎样提醒我'))
  expect(sent()?.body).toEqual({ mail: ['overdue', 'reminder'], webhook: [], quiet: { from: 22, to: 7 }, digest_hour: null })
})

it('shows a refused hour beside its field', async () => {
  const refusal = problem(422, 'invalid', '请核对。', [{ pointer: '/digest_hour', code: 'bad_hour', message: '每日汇总的时刻在免打扰时段之内。' }])
  await openWays({ digest_hour: 23 }, { 'PUT /api/notices/wishes': refusal })
  await send(form('怎样提醒我'))
  expect(readable()).toContain('每日汇总的时刻在免打扰时段之内。')
})

it('greys a way that cannot be used, with the reason', async () => {
  const { page } = await openWays({ address: null })
  expect(readable()).toContain('先登记本人邮箱，再选择。')
  expect(readable()).toContain('系统管理员还没有设置企业消息。')
  expect(page.find('input[type=checkbox][value=reminder]').attributes('disabled')).toBeDefined()
})

it('asks for an address, then for the code', async () => {
  let waiting: string | null = null
  const { asked } = await openWays({}, {
    'GET /api/notices/wishes': () => wishes({ address: null, waiting_address: waiting }),
    'POST /api/notices/address': () => {
      waiting = 'zhou@example.com'
    },
    'POST /api/notices/address/confirm': null,
  })
  await fill('邮箱', 'zhou@example.com')
  await send(form('发送确认码'))
  expect(readable()).toContain('确认码已发到 zhou@example.com')
  await fill('确认码', '482915')
  await send(form('确认邮箱'))
  expect(asked.filter(one => one.method === 'POST').map(one => one.body)).toEqual([{ address: 'zhou@example.com' }, { code: '482915' }])
})

it('keeps a wrong code and says what is wrong', async () => {
  const refusal = problem(422, 'bad_code', '请核对。', [{ pointer: '/code', code: 'bad_code', message: '确认码不对。请核对邮件。' }])
  await openWays({ waiting_address: 'zhou@example.com' }, { 'POST /api/notices/address/confirm': refusal })
  await fill('确认码', '000000')
  await send(form('确认邮箱'))
  expect(readable()).toContain('确认码不对。请核对邮件。')
  expect(document.querySelector<HTMLInputElement>('input[autocomplete=one-time-code]')?.value).toBe('000000')
})

it('removes the address only after asking', async () => {
  const { sent } = await openWays({}, { 'DELETE /api/notices/address': null })
  await press('删除邮箱')
  expect(sent()).toBeUndefined()
  await vi.waitFor(() => expect(document.querySelector('.el-dialog .el-button--primary')).not.toBeNull())
  document.querySelector<HTMLElement>('.el-dialog .el-button--primary')!.click()
  await settle()
  expect(sent()).toMatchObject({ method: 'DELETE', path: '/api/notices/address' })
})

it('makes a calendar address and copies it', async () => {
  const writeText = vi.fn(async () => {})
  vi.stubGlobal('navigator', { clipboard: { writeText } })
  const { sent } = await openWays({}, { 'POST /api/notices/calendars': { id: '4', path: '/api/calendar/abc.ics' } })
  await press('生成地址')
  expect(sent()?.body).toEqual({ org_id: null })
  await press('复制地址')
  expect(writeText).toHaveBeenCalledWith(`${location.origin}/api/calendar/abc.ics`)
})

it('makes an address anew only after saying that the old one ends', async () => {
  const { sent } = await openWays({}, { 'GET /api/notices/calendars': { items: [feed] }, 'POST /api/notices/calendars': { id: '4', path: '/api/calendar/new.ics' } })
  await press('重新生成：我的应办')
  expect(readable()).toContain('原地址随即失效')
  expect(sent()).toBeUndefined()
  await press('生成新地址')
  expect(sent()?.body).toEqual({ org_id: null })
  expect(readable()).toContain('/api/calendar/new.ics')
})

it('offers the calendars of organisations and the rhythm only to those who see the work', async () => {
  const { asked } = await openWays()
  expect(asked.some(one => one.path === '/api/notices/rhythm')).toBe(false)
  expect(readable()).not.toContain('订阅一个党组织的应办')
})

it('tells the rhythm, and lets those set it who may', async () => {
  await openWays({}, {}, 'secretary')
  expect(readable()).toContain('逾期 7 天仍未办的，告诉上级党组织')
  const { sent } = await openWays({}, { 'GET /api/notices/rhythm': { soon_days: 3, escalate_days: 7, may_set: true }, 'PUT /api/notices/rhythm': null }, 'party_staff')
  await send(form('保存提醒时间'))
  expect(sent()?.body).toEqual({ soon_days: 3, escalate_days: 7 })
})

it('says what went wrong when it cannot be read', async () => {
  await openWays({}, { 'GET /api/notices/wishes': problem(503, 'unavailable', '服务暂时不可用。') })
  expect(readable()).toContain('服务暂时不可用。')
})
