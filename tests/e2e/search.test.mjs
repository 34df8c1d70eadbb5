// Finding somebody or an organisation from anywhere, by the keyboard alone or by a tap, and never beyond what one may see.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PHONE, ask, demo, look } from './site.mjs'

let site
before(async () => {
  site = await demo({ members: 800 })
})
after(() => site?.stop())

const box = page => page.getByRole('combobox', { name: '查找党员、组织' })
const hits = page => page.getByRole('listbox', { name: '查找结果' }).getByRole('option')

test('by the keyboard: name, initials, organisation; Enter opens', async () => {
  const page = await site.page('staff')
  const { items: [someone] } = await ask(page, '/api/members?limit=1')
  await page.keyboard.press('/')
  await box(page).fill(someone.name)
  await hits(page).filter({ hasText: someone.name }).first().waitFor()
  await look(page, 'search')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: someone.name }).waitFor()

  await page.keyboard.press('Control+k')
  await box(page).fill('财务管理部')
  await hits(page).filter({ hasText: '蜀岭航空产业集团财务管理部党支部' }).waitFor()
  await look(page, 'search-orgs')
  await page.keyboard.press('Escape')
  await box(page).waitFor({ state: 'hidden' })

  // 潘远华 by the first letters of the syllables.
  await page.keyboard.press('Control+k')
  await box(page).fill('pyh')
  await hits(page).filter({ hasText: '潘远华' }).first().waitFor()
  const second = hits(page).nth(1)
  if (await second.count()) {
    await page.keyboard.press('ArrowDown')
    assert.equal(await second.getAttribute('aria-selected'), 'true')
  }
  await box(page).fill('没有这个人')
  await page.getByText('没有找到“没有这个人”').waitFor()
  await look(page, 'search-none')
})

test('by a tap on the phone', async () => {
  const page = await site.page('staff', PHONE)
  await page.getByRole('button', { name: /^查找党员、组织/ }).click()
  await box(page).fill('工会')
  await hits(page).filter({ hasText: '工会党支部' }).first().click()
  await page.getByRole('heading', { level: 1, name: '蜀岭航空产业集团工会党支部' }).waitFor()
})

test('a secretary finds nobody of another branch', async () => {
  const staff = await site.page('staff')
  const secretary = await site.page('secretary')
  const mine = (await ask(secretary, '/api/members?limit=200')).items
  const own = new Set(mine.map(({ name }) => name))
  const stranger = (await ask(staff, '/api/members?limit=200')).items.find(({ name, org_id }) => org_id !== mine[0].org_id && !own.has(name))
  await secretary.keyboard.press('/')
  await box(secretary).fill(stranger.name)
  await secretary.getByText(`没有找到“${stranger.name}”`).waitFor()
  await box(secretary).fill(mine[2].name)
  await hits(secretary).filter({ hasText: mine[2].name }).first().waitFor()
})

test('a member has no search', async () => {
  const page = await site.page('member')
  await page.getByRole('heading', { level: 1, name: '待办' }).waitFor()
  assert.equal(await page.getByRole('button', { name: /^查找党员、组织/ }).count(), 0)
  await page.keyboard.press('/')
  assert.equal(await box(page).count(), 0)
})
