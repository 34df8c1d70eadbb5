// 待办: everybody sees first what he or she must do, and one button leads there.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, demo, look } from './site.mjs'

let site
before(async () => {
  site = await demo({ members: 800 })
})
after(() => site?.stop())

test('staff sees what is late first, on which ground, and gets there with one button', async () => {
  const page = await site.page('staff')
  await page.getByRole('heading', { level: 1, name: '待办' }).waitFor()
  const duties = page.getByRole('list', { name: '要办的事，按期限先后' }).getByRole('listitem')
  await duties.first().waitFor()
  const held = await ask(page, '/api/workbench')
  assert.equal(await duties.count(), held.items.length)
  const late = held.items.filter(item => item.overdue_days).length
  assert.ok(late > 0, 'the demonstration has something late')
  await page.getByText(`共 ${held.items.length} 项，其中 ${late} 项已逾期`).waitFor()
  for (const index of held.items.keys()) {
    const words = await duties.nth(index).innerText()
    assert.equal(/逾期 \d+ 天/.test(words), index < late, `late things stand first: ${words}`)
  }
  await look(page, 'workbench')

  const term = duties.filter({ has: page.getByRole('button', { name: /ORG-06/ }) }).first()
  await term.getByRole('button', { name: /ORG-06/ }).click()
  await page.getByText('任期届满按期换届').first().waitFor()
  await page.keyboard.press('Escape')
  await term.getByRole('button', { name: /^去/ }).click()
  await page.waitForURL(/\/life\?org=\d+&rule=ORG-06/)
})

test('every number opens its rows', async () => {
  const page = await site.page('staff')
  const { counts } = await ask(page, '/api/workbench')
  const numbers = page.getByRole('list', { name: '名册概况' })
  for (const [name, value, rows] of [
    ['党组织', counts.orgs, `共 ${counts.orgs} 个组织`],
    ['正式党员', counts.full, `共 ${counts.full} 人，号码`],
    ['预备党员', counts.probationary, `共 ${counts.probationary} 人，号码`],
  ]) {
    await numbers.getByRole('link', { name: new RegExp(`^${name}\\s*${value}$`) }).click()
    await page.getByText(rows).waitFor()
    await page.goBack()
  }
})

test('a secretary sees the duties of the own branch only, one line a kind, and gets there with one button', async () => {
  const page = await site.page('secretary')
  const duties = page.getByRole('list', { name: '要办的事，按期限先后' }).getByRole('listitem')
  await duties.first().waitFor()
  const { counts, items } = await ask(page, '/api/workbench')
  assert.equal(counts.orgs, 1)
  const titles = items.map(item => item.title)
  assert.equal(new Set(titles).size, titles.length, 'nothing is named twice')
  assert.ok(items.every(item => item.kind !== 'duty_below'))
  await look(page, 'workbench-secretary')
  const first = items[0]
  await page.getByRole('button', { name: `${first.action}：${first.title}` }).first().click()
  await page.waitForURL(url => url.pathname + url.search === first.link)
})

test('a member lands on a calm page with the way to the own data, and no figures of others', async () => {
  const page = await site.page('member')
  await page.getByRole('heading', { name: '目前没有要办的事' }).waitFor()
  assert.equal(await page.getByRole('list', { name: '名册概况' }).count(), 0)
  await look(page, 'workbench-member')
  await page.getByRole('link', { name: '核对我的信息' }).click()
  await page.getByRole('heading', { level: 1, name: '我的' }).waitFor()
})

test('a supervisor sees what is late below, and may change nothing', async () => {
  const page = await site.page('supervisor')
  await page.getByRole('list', { name: '要办的事，按期限先后' }).getByRole('listitem').first().waitFor()
  assert.equal(await page.getByText('待审的信息更正').count(), 0)
  await look(page, 'workbench-supervisor')
})

for (const [login, link] of [['sysadmin', '查看系统状态'], ['secadmin', '管理账号'], ['auditor', '查看留痕']]) {
  test(`${login} lands where the own work is, without member data`, async () => {
    const page = await site.page(login)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    assert.equal(await page.getByRole('link', { name: '党员', exact: true }).count(), 0)
    if (new URL(page.url()).pathname === '/') await page.getByRole('link', { name: link }).waitFor()
    await look(page, `workbench-${login}`)
  })
}
