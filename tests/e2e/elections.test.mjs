// 换届选举 as a branch and its superior hold it: thresholds, refusals, two rounds, posts in the register.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, demo, look, TODAY } from './site.mjs'

let site
before(async () => {
  site = await demo()
})
after(() => site.stop())

const pick = async (page, label, name) => {
  const field = page.getByRole('combobox', { name: label })
  await field.locator('xpath=ancestor::*[contains(@class, "el-select__wrapper")]').click()
  await field.fill(name)
  await page.getByRole('option', { name, exact: true }).filter({ visible: true }).first().click()
  await page.getByRole('heading', { level: 1 }).click()
}

test('a branch holds its election and the superior confirms it', async () => {
  const page = await site.page('secretary')
  await page.goto(`${site.origin}/elections`)
  await page.getByText('还没有选举').waitFor()
  await look(page, 'elections-empty')
  const { items } = await ask(page, '/api/orgs?limit=1')
  const org = items[0]
  // The clock moves on to three weeks before the end of the term.
  const { term_from, term_years } = await ask(page, `/api/orgs/${org.id}`)
  const end = new Date(`${Number(term_from.slice(0, 4)) + (term_years ?? 3)}${term_from.slice(4)}T00:00:00Z`)
  const today = new Date(end.getTime() - 21 * 86_400_000).toISOString().slice(0, 10)
  if (today > TODAY) await site.moveTo(today)
  await page.reload()
  await page.getByRole('button', { name: '发起选举' }).first().click()
  const dialog = page.getByRole('dialog')
  const field = dialog.getByRole('combobox', { name: '党组织' })
  await field.locator('xpath=ancestor::*[contains(@class, "el-select__wrapper")]').click()
  await field.fill(org.name)
  await page.getByRole('option', { name: org.name }).filter({ visible: true }).first().click()
  await dialog.getByLabel('计划召开大会的日期').fill(today)
  await dialog.getByRole('button', { name: '发起选举' }).click()
  await page.waitForURL(/\/elections\/\d+$/)

  const id = page.url().split('/').at(-1)
  const election = () => ask(page, `/api/elections/${id}`)
  const electors = (await ask(page, `/api/elections/${id}/electors`)).items
  const distinct = electors.filter(one => electors.filter(other => other.name.includes(one.name)).length === 1)
  const { thresholds, seats } = await election()
  await page.getByText(`候选人至少 ${thresholds.candidates} 人`).first().waitFor()
  for (const one of distinct.slice(0, thresholds.candidates)) await pick(page, '候选人', one.name)
  await pick(page, '监票人', distinct.at(-1).name)
  await look(page, 'election-nominate')
  await page.getByRole('button', { name: '报上级请示' }).click()
  await page.getByText('由上级党组织办理').waitFor()

  const superior = await site.page('staff')
  await superior.goto(`${site.origin}/elections/${id}`)
  await superior.getByRole('button', { name: '同意换届' }).click()
  await superior.getByRole('heading', { name: '召开选举大会' }).waitFor()

  await page.reload()
  const present = page.getByLabel('实到会有选举权的人数')
  await present.fill(String(thresholds.quorum - 1))
  await present.blur()
  await page.getByText('还差 1 人').waitFor()
  await present.fill(String(thresholds.quorum))
  await present.blur()
  await page.getByLabel('地点').fill('三楼会议室')
  await look(page, 'election-meeting')
  await page.getByRole('button', { name: '登记大会，开始计票' }).click()
  await page.getByText('第 1 轮').waitFor()

  // The first round leaves one seat to be voted on again.
  const candidates = (await election()).candidates
  const votes = n => (n < seats - 1 ? thresholds.quorum : Math.floor(thresholds.quorum / 2))
  const count = async (name, in_favour, valid) => {
    await page.getByLabel(`${name} 赞成`, { exact: true }).fill(String(in_favour))
    await page.getByLabel(`${name} 不赞成`, { exact: true }).fill(String(valid - in_favour))
    await page.getByLabel(`${name} 不赞成`, { exact: true }).blur()
  }
  for (const [n, one] of candidates.entries()) await count(one.name, votes(n), thresholds.quorum)
  await look(page, 'election-tally')
  await page.getByRole('button', { name: '宣布本轮结果' }).click()
  await page.getByText('第 2 轮').waitFor()
  const again = (await election()).next_round.candidates
  for (const [n, one] of again.entries()) await count(one.name, n === 0 ? thresholds.quorum : 0, thresholds.quorum)
  await page.getByRole('button', { name: '宣布本轮结果' }).click()
  await page.getByText('确定分工').waitFor()

  const elected = (await election()).elected
  assert.equal(elected.length, seats)
  const posts = ['书记', '组织委员', '纪检委员']
  for (const [n, one] of elected.entries()) {
    const select = page.getByRole('combobox', { name: `${one.name} 的职务` })
    await select.locator('xpath=ancestor::*[contains(@class, "el-select__wrapper")]').click()
    const list = page.locator(`[id="${await select.getAttribute('aria-controls')}"]`)
    await list.getByRole('option', { name: posts[n] ?? '委员', exact: true }).click()
  }
  await look(page, 'election-posts')
  await page.getByRole('button', { name: '确定分工' }).click()
  await page.getByRole('button', { name: '报上级批准' }).click()
  await page.getByText('由上级党组织办理').waitFor()
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: /下载 PDF\s*：结果报告/ }).click()
  assert.match((await saved).suggestedFilename(), /报告.*\.pdf$/)

  await superior.reload()
  await superior.getByRole('button', { name: '批准选举结果' }).click()
  await superior.getByText('新任职务和任期已登记').waitFor()
  await look(superior, 'election-confirmed')
  const now = await ask(superior, `/api/orgs/${org.id}`)
  assert.equal(now.term_from, today)
  const holds = now.posts.filter(post => !post.to).map(post => post.person_name)
  for (const one of elected) assert.ok(holds.includes(one.name), one.name)
})
