// Questions in plain words, mended as chips, answered as chart and table that agree, drilled down, saved, taken out.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { DESK, PHONE, demo, picture, sound } from './site.mjs'

let site
before(async () => {
  site = await demo()
})
after(() => site?.stop())

/** The rows of the table on the page, as texts. */
async function table(page) {
  const rows = page.locator('article table tbody tr')
  await rows.first().waitFor()
  return rows.evaluateAll(found => found.map(row => [...row.children].map(cell => cell.textContent.trim())))
}
async function asked(page, query) {
  return (await page.request.get(`${site.origin}/api/stats?${query}`)).json()
}

test('a plain question is understood, shown, and answered', async () => {
  const page = await site.page('staff')
  await page.goto(`${site.origin}/stats`)
  await page.locator('article canvas').first().waitFor()
  await picture(page, 'stats-desk')
  await sound(page, 'statistics')
  await page.getByLabel('想知道什么').fill('35岁以下女党员按学历')
  await page.getByRole('button', { name: '查询', exact: true }).click()
  await page.getByRole('heading', { level: 2, name: /学历/ }).waitFor()
  const rows = await table(page)
  const answer = await asked(page, `by=education&where=${encodeURIComponent('gender=女;age_band=35岁及以下')}`)
  assert.ok(answer.total > 0)
  for (const row of answer.rows) {
    assert.ok(rows.some(cells => cells[0] === row.education && cells[1].replace(/,/g, '') === String(row.count)), `${row.education} ${row.count}`)
  }
  await picture(page, 'stats-question-desk')
  await page.setViewportSize(PHONE)
  await picture(page, 'stats-question-phone')
  await sound(page, 'statistics on the phone')
})

test('what is not understood is said', async () => {
  const page = await site.page('staff')
  await page.goto(`${site.origin}/stats`)
  await page.getByLabel('想知道什么').fill('会打篮球的党员按性别')
  await page.getByRole('button', { name: '查询', exact: true }).click()
  await page.getByRole('alert').filter({ hasText: '没有看懂' }).waitFor()
})

test('an organisation leads down to its own figures and back', async () => {
  const page = await site.page('staff')
  await page.goto(`${site.origin}/stats?by=org`)
  const whole = (await asked(page, 'by=org')).total
  const rows = await table(page)
  assert.ok(rows.length > 1)
  await page.locator('article table tbody button').filter({ hasNotText: '本级' }).first().click()
  await page.getByRole('navigation', { name: '统计范围' }).waitFor()
  await page.waitForLoadState('networkidle')
  await picture(page, 'stats-org-desk')
  await sound(page, 'statistics of an organisation')
  await page.getByRole('navigation', { name: '统计范围' }).getByRole('button', { name: '全部' }).click()
  await page.getByText(`共 ${whole.toLocaleString('zh-CN')} 人`).first().waitFor()
})

test('years in a row make a line', async () => {
  const page = await site.page('supervisor')
  await page.goto(`${site.origin}/stats`)
  await page.getByRole('button', { name: '近十年党员人数趋势' }).click()
  await page.locator('article canvas').first().waitFor()
  await page.waitForLoadState('networkidle')
  await picture(page, 'stats-trend-desk')
  await sound(page, 'trend')
})

test('a table is taken out as a spreadsheet, a chart as a picture', async () => {
  const page = await site.page('staff')
  await page.goto(`${site.origin}/stats?by=education`)
  await page.locator('article canvas').first().waitFor()
  const [sheet] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出表格' }).click()])
  assert.equal(readFileSync(await sheet.path()).subarray(0, 2).toString(), 'PK')
  const [image] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '保存图片' }).click()])
  assert.equal(readFileSync(await image.path()).subarray(1, 4).toString(), 'PNG')
})

test('a query is saved, opened and deleted', async () => {
  const page = await site.page('staff')
  await page.goto(`${site.origin}/stats?by=gender`)
  await page.getByRole('button', { name: '保存这个查询' }).click()
  await page.getByLabel(/^名称/).fill('男女比例')
  await page.getByRole('button', { name: '保存查询' }).click()
  const link = page.getByRole('link', { name: '男女比例' })
  await link.waitFor()
  await page.goto(`${site.origin}/stats?by=education`)
  await link.click()
  await page.getByRole('heading', { level: 2, name: /性别/ }).waitFor()
  await page.getByRole('button', { name: '删除「男女比例」' }).click()
  await page.getByRole('dialog').getByRole('button', { name: /删除/ }).click()
  await link.waitFor({ state: 'detached' })
})

test('a table to give away shows no small counts', async () => {
  const page = await site.page('staff')
  await page.goto(`${site.origin}/stats?by=ethnicity,gender`)
  await page.locator('article table tbody tr').first().waitFor()
  await page.getByText('不显示少于 5 人的数字').click()
  await page.waitForURL(/small=hide/)
  await page.getByText('以及能推算出它们的数字').waitFor()
  const cells = (await table(page)).flat()
  assert.ok(cells.includes('<5'), cells.join(' '))
  assert.ok(cells.every(cell => !/^[1-4]$/.test(cell)), cells.join(' '))
  await sound(page, 'statistics without small counts')
  const answer = await page.request.get(`${site.origin}/api/stats?by=gender`)
  assert.match(answer.headers()['server-timing'], /^census;dur=\d+\.\d{3}$/)
  console.log(`# ${answer.headers()['server-timing']}`)
})
