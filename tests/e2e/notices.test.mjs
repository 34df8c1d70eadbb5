// The reminders' pages before a real browser: the bell, the inbox, the own wishes, and the system administrator's settings.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, choose, demo, look, withReason } from './site.mjs'

let site
before(async () => {
  site = await demo()
})
after(() => site?.stop())

test('what waits is counted in the bell, and marked as read in the inbox', async () => {
  const page = await site.page('secretary')
  await page.getByRole('link', { name: /^消息，\d+ 条未读$/ }).click()
  await page.getByRole('heading', { name: '消息', exact: true }).waitFor()
  await page.getByRole('heading', { name: '未读' }).waitFor()
  await look(page, 'notices')
  await page.getByRole('button', { name: '全部标为已读' }).click()
  await page.getByRole('link', { name: '消息', exact: true }).first().waitFor()
  await page.getByRole('button', { name: '全部标为已读' }).waitFor({ state: 'detached' })
})

test('the own wishes are set on one page', async () => {
  const page = await site.page('secretary')
  await page.goto(`${site.origin}/notices/ways`)
  await page.getByRole('button', { name: '生成地址' }).click()
  await page.getByText('的地址只显示这一次').waitFor()
  await look(page, 'notices-ways')
})

test('the system administrator sets how reminders leave the house', async () => {
  const page = await site.page('sysadmin')
  await page.goto(`${site.origin}/system/status`)
  await page.getByRole('heading', { name: '通知方式' }).waitFor()
  for (const summary of await page.locator('summary').all()) await summary.click()
  await look(page, 'system-ways')
})

test('what somebody else does raises the number in the bell at once, without a reload', async () => {
  const secretary = await site.page('secretary')
  const { org_id: own } = (await ask(secretary, '/api/session')).roles[0]
  const bell = secretary.getByRole('link', { name: /^消息/ }).first()
  await secretary.waitForLoadState('networkidle')
  const before = Number(/\d+/.exec(await bell.getAttribute('aria-label'))?.[0] ?? 0)
  await secretary.evaluate(() => { globalThis.sameDocument = true })

  const staff = await site.page('staff')
  const comer = (await ask(staff, '/api/members?stage=full&limit=200')).items.findLast(({ org_id }) => org_id !== own)
  await staff.goto(`${site.origin}/members/${comer.id}`)
  await staff.getByRole('button', { name: '发起接转' }).click()
  const form = staff.getByRole('dialog', { name: '发起组织关系接转' })
  await choose(form, '转到哪个党支部', /办公室第一党支部/, '办公室第一')
  await withReason(form, '发起接转', '岗位调整到集团办公室')

  await secretary.getByRole('link', { name: `消息，${before + 1} 条未读`, exact: true }).waitFor()
  assert.ok(await secretary.evaluate(() => globalThis.sameDocument), 'the page is the same one, not loaded anew')
  await secretary.getByRole('status').filter({ hasText: `${before + 1} 条未读消息` }).waitFor({ state: 'attached' })
  await look(secretary, 'notice-arrived')
})
