// The reminders' pages before a real browser: the bell, the inbox, the own wishes, and the system administrator's settings.
import { after, before, test } from 'node:test'
import { demo, look } from './site.mjs'

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
