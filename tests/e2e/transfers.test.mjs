// 组织关系接转: the sending branch asks, the receiving side accepts or refuses, and until then the member stays where he or she was.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PHONE, DESK, ask, demo, picture, sound } from './site.mjs'

let site
before(async () => {
  site = await demo()
})
after(() => site?.stop())

/** A secretary asks for the transfer of a member of the own branch to a branch outside it; returns who and where to. */
async function request(nth, reason) {
  const secretary = await site.page('secretary')
  const { items } = await ask(secretary, '/api/members?stage=full')
  const person = items.at(-nth)
  const staff = await site.page('staff')
  const other = (await ask(staff, '/api/orgs')).items.find(org => org.kind === 'branch' && org.id !== person.org_id)
  await secretary.goto(`${site.origin}/members/${person.id}`)
  await secretary.getByRole('button', { name: '发起接转' }).click()
  const dialog = secretary.getByRole('dialog')
  await dialog.getByLabel(/^转到哪个党支部/).fill(other.name)
  await secretary.getByRole('option').filter({ hasText: other.name, visible: true }).first().click()
  await dialog.getByLabel(/事由|理由/).fill(reason)
  await picture(secretary, 'transfer-request-desk')
  await dialog.getByRole('button', { name: '发起接转' }).click()
  await dialog.waitFor({ state: 'hidden' })
  return { secretary, staff, person, other }
}

test('a transfer is asked for, accepted, and only then moves the member', async () => {
  const { secretary, staff, person, other } = await request(1, '岗位调整到其他部门')
  assert.equal((await ask(secretary, `/api/members/${person.id}`)).org_id, person.org_id)
  await staff.goto(`${site.origin}/transfers`)
  const card = staff.getByRole('article').filter({ hasText: person.name }).filter({ hasText: '岗位调整' })
  await card.waitFor()
  for (const [width, viewport] of [['phone', PHONE], ['desk', DESK]]) {
    await staff.setViewportSize(viewport)
    await picture(staff, `transfers-${width}`)
    await sound(staff, `transfers on the ${width}`)
  }
  await card.getByRole('button', { name: '接收', exact: true }).click()
  await staff.getByRole('dialog').getByRole('button', { name: '接收', exact: true }).click()
  await card.waitFor({ state: 'detached' })
  assert.equal((await ask(staff, `/api/members/${person.id}`)).org_id, other.id)
  await secretary.goto(`${site.origin}/members/${person.id}`)
  await secretary.getByText('不在您的管理范围内').first().waitFor()
})

test('a refusal leaves the member where he or she is, with the reason', async () => {
  const { secretary, staff, person } = await request(2, '拟调往新项目部')
  await staff.goto(`${site.origin}/transfers`)
  const card = staff.getByRole('article').filter({ hasText: person.name }).filter({ hasText: '拟调往' })
  await card.getByRole('button', { name: '退回' }).click()
  const dialog = staff.getByRole('dialog')
  await dialog.getByRole('textbox').fill('岗位尚未确定')
  await dialog.getByRole('button', { name: '退回', exact: true }).click()
  await card.waitFor({ state: 'detached' })
  assert.equal((await ask(secretary, `/api/members/${person.id}`)).org_id, person.org_id)
})
