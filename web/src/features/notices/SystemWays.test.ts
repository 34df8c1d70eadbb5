import { beforeEach, expect, it } from 'vitest'
import { putSession } from '@/session/session'
import { control, fill, open, press, readable, send } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import SystemWays from './SystemWays.vue'
import { delivery, mailSetting } from './testing'

type Replies = Parameters<typeof serve>[0]
async function openWays(replies: Replies = {}) {
  const asked = serve({
    'GET /api/notices/ways': { site: 'https://dj.example.com', mail: mailSetting, webhook: { version: 2, address: 'https://im.example.com/n' }, counts: [{ way: 'mail', waiting: 1, failed: 0, sent: 20, given_up: 2 }] },
    'GET /api/notices/deliveries': { items: [], next: null },
    ...replies,
  })
  await open(SystemWays)
  return { asked, sent: () => asked.find(one => one.method !== 'GET') }
}
const form = (label: string) => document.querySelector(`form[aria-label=${label}]`)
beforeEach(() => putSession(sessionOf('system_admin')))

it('tells how the ways stand', async () => {
  await openWays()
  expect(readable()).toContain('已送达 20，等待 1，再试 0，没有送达 2')
  expect(readable()).toContain('没有未送达的提醒。')
})

it('keeps the password that is held when none is typed', async () => {
  const { sent } = await openWays({ 'PUT /api/notices/mail': null })
  await fill('服务器地址', 'mail.example.com')
  await send(form('邮件服务器'))
  expect(sent()?.body).toEqual({ version: 3, host: 'mail.example.com', port: 465, security: 'tls', user: 'dj', password: null, sender: 'dj@example.com', authority: null })
})

it('begins a first mail server at version 0', async () => {
  const { sent } = await openWays({ 'GET /api/notices/ways': { site: '', mail: null, webhook: null, counts: [] }, 'PUT /api/notices/mail': null })
  expect(form('测试邮件')).toBeNull()
  await send(form('邮件服务器'))
  expect(sent()?.body).toMatchObject({ version: 0, user: null })
})

it('shows a refusal beside the field and keeps what was typed', async () => {
  const refusal = problem(422, 'invalid', '请核对。', [{ pointer: '/password', code: 'missing_required', message: '更换服务器或用户名后须重新填写密码。' }])
  await openWays({ 'PUT /api/notices/mail': refusal })
  await fill('用户名', 'other')
  await send(form('邮件服务器'))
  expect(readable()).toContain('更换服务器或用户名后须重新填写密码。')
  expect(control('用户名').value).toBe('other')
})

it('sends a test mail and says what came of it', async () => {
  const { sent } = await openWays({ 'POST /api/notices/mail/test': problem(422, 'trial_failed', '测试没有成功：服务器没有应答。') })
  await fill('测试邮件发到', 'zhou@example.com')
  await send(form('测试邮件'))
  expect(sent()?.body).toEqual({ to: 'zhou@example.com' })
  expect(readable()).toContain('测试没有成功：服务器没有应答。')
})

it('sets the messenger and tries it', async () => {
  const { asked } = await openWays({ 'PUT /api/notices/webhook': null, 'POST /api/notices/webhook/test': null })
  await send(form('消息接口'))
  await press('发送测试消息')
  expect(asked.find(one => one.method === 'PUT')?.body).toEqual({ version: 2, address: 'https://im.example.com/n', secret: null })
  expect(readable()).toContain('接口已收到测试消息。')
})

it('saves the address of the pages', async () => {
  const { sent } = await openWays({ 'PUT /api/notices/site': null })
  await fill('平台地址', 'https://party.example.com')
  await send(form('平台地址'))
  expect(sent()?.body).toEqual({ site: 'https://party.example.com' })
})

it('sends again what did not arrive', async () => {
  const { asked, sent } = await openWays({
    'GET /api/notices/deliveries': (one: { query: URLSearchParams }) => ({ items: one.query.get('state') === 'given_up' ? [delivery()] : [], next: null }),
    'POST /api/notices/deliveries/5/retry': null,
  })
  expect(readable()).toContain('邮件服务器拒绝了收件地址')
  await press('重试：2026-03-05 08:00 的邮件')
  expect(sent()?.path).toBe('/api/notices/deliveries/5/retry')
  expect(asked.filter(one => one.path === '/api/notices/deliveries')).toHaveLength(4)
})

it('shows why something cannot be sent again', async () => {
  await openWays({
    'GET /api/notices/deliveries': (one: { query: URLSearchParams }) => ({ items: one.query.get('state') === 'given_up' ? [delivery()] : [], next: null }),
    'POST /api/notices/deliveries/5/retry': problem(422, 'not_failed', '只有未送达的提醒可以重新发送。'),
  })
  await press('重试：2026-03-05 08:00 的邮件')
  expect(readable()).toContain('只有未送达的提醒可以重新发送。')
})
