// 组织关系转接: one branch sends, the other takes over or sends back, the sender may take it back before.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, choose, demo, look, withReason } from './site.mjs'

let site
let staff
let secretary
let people
let own
before(async () => {
  site = await demo({ members: 800 })
  staff = await site.page('staff')
  secretary = await site.page('secretary')
  people = (await ask(secretary, '/api/members?stage=full&limit=20')).items.slice(4)
  own = people[0].org_name
})
after(() => site?.stop())

const card = (page, person) => page.getByRole('article').filter({ hasText: person.name })
async function send(page, person, word, option, reason) {
  await page.goto(`${site.origin}/members/${person.id}`)
  await page.getByRole('button', { name: '发起接转' }).click()
  const form = page.getByRole('dialog', { name: '发起组织关系接转' })
  await choose(form, '转到哪个党支部', option, word)
  await withReason(form, '发起接转', reason)
  await page.getByText('已发起接转').waitFor()
}

test('nobody is sent to where he or she is already, nor to an organisation that holds no members', async () => {
  await staff.goto(`${site.origin}/members/${people[0].id}`)
  await staff.getByRole('button', { name: '发起接转' }).click()
  const form = staff.getByRole('dialog', { name: '发起组织关系接转' })
  await choose(form, '转到哪个党支部', own, '办公室第一')
  await form.getByText('现在就在这个组织').waitFor()
  await choose(form, '转到哪个党支部', /有限公司党委/, '有限公司党委')
  await form.getByText('不直接编入党委').waitFor()
  assert.ok(await form.getByRole('button', { name: '发起接转' }).isDisabled())
  await look(staff, 'transfer-refused')
  await form.getByRole('button', { name: '先不做' }).click()
})

test('staff sends somebody to another branch and takes him or her over there; the dossier follows', async () => {
  const [person] = people
  await send(staff, person, '财务', /财务管理部党支部/, '岗位调整到财务管理部')
  await staff.goto(`${site.origin}/transfers`)
  await card(staff, person).getByText('财务管理部').first().waitFor()
  await look(staff, 'transfers')
  await card(staff, person).getByRole('button', { name: '接收', exact: true }).click()
  const sure = staff.getByRole('dialog', { name: '接收组织关系' })
  await look(staff, 'transfer-accept')
  await sure.getByRole('button', { name: '接收', exact: true }).click()
  await staff.getByText('没有等待接收的同志').waitFor()
  await look(staff, 'transfers-none')
  await staff.getByText('已办结', { exact: true }).click()
  await card(staff, person).getByText('已接收').first().waitFor()
  await look(staff, 'transfers-decided')
  await staff.goto(`${site.origin}/members/${person.id}?tab=spells`)
  await staff.getByRole('tabpanel').getByText('蜀岭航空产业集团财务管理部党支部').waitFor()
  await staff.getByRole('tabpanel').getByText(own).first().waitFor()
  await look(staff, 'member-spells')
})

test('a secretary sends to a branch of another superior and takes it back', async () => {
  const [, person] = people
  await send(secretary, person, '工会', /工会党支部/, '岗位调整到工会工作')
  await secretary.goto(`${site.origin}/transfers?view=out`)
  await card(secretary, person).waitFor()
  assert.equal(await card(secretary, person).getByRole('button', { name: '接收', exact: true }).count(), 0)
  await look(secretary, 'transfers-out')
  await card(secretary, person).getByRole('button', { name: '撤回' }).click()
  await withReason(secretary.getByRole('dialog', { name: '撤回接转' }), '撤回', '岗位调整取消了')
  await secretary.getByText('没有等待对方接收的同志').waitFor()
  assert.equal((await ask(secretary, `/api/members/${person.id}`)).org_name, own)
})

test('sent to a branch, a person is announced to its secretary, who sends back with a reason or takes over', async () => {
  const comers = (await ask(staff, '/api/members?stage=full&limit=200')).items.filter(({ org_name }) => org_name !== own).slice(-2)
  for (const comer of comers) await send(staff, comer, '办公室第一', /办公室第一党支部/, '岗位调整到集团办公室')
  await secretary.goto(site.origin)
  const duties = secretary.getByRole('list', { name: '要办的事，按期限先后' }).getByRole('listitem')
  await duties.filter({ hasText: comers[0].name }).waitFor()
  await look(secretary, 'workbench-transfers')
  await duties.filter({ hasText: comers[0].name }).getByRole('button').last().click()
  await secretary.getByRole('heading', { level: 1, name: '组织关系转接' }).waitFor()
  await card(secretary, comers[0]).getByRole('button', { name: '退回' }).click()
  const back = secretary.getByRole('dialog', { name: '退回接转' })
  await look(secretary, 'transfer-reject')
  await withReason(back, '退回', '尚未到岗，到岗后再转')
  await card(secretary, comers[0]).waitFor({ state: 'detached' })

  // Meanwhile the sender takes the other one back: the secretary is told.
  await card(secretary, comers[1]).getByRole('button', { name: '接收', exact: true }).click()
  await staff.goto(`${site.origin}/transfers?view=out`)
  await card(staff, comers[1]).getByRole('button', { name: '撤回' }).click()
  await withReason(staff.getByRole('dialog', { name: '撤回接转' }), '撤回', '岗位调整取消了')
  await staff.getByText('没有等待对方接收的同志').waitFor()
  await staff.getByText('已办结', { exact: true }).click()
  await card(staff, comers[0]).getByText('尚未到岗，到岗后再转').waitFor()
  const sure = secretary.getByRole('dialog', { name: '接收组织关系' })
  await sure.getByRole('button', { name: '接收', exact: true }).click()
  await sure.getByText('这件接转已撤回，不用再办理。').waitFor()
  assert.ok(await sure.getByRole('button', { name: '接收', exact: true }).isDisabled())
  await look(secretary, 'transfer-gone')
})

test('a supervisor sees the transfers below without a button', async () => {
  await send(staff, people[2], '工会', /工会党支部/, '岗位调整到工会工作')
  const supervisor = await site.page('supervisor')
  await supervisor.goto(`${site.origin}/transfers`)
  await card(supervisor, people[2]).waitFor()
  for (const name of ['接收', '退回', '撤回']) assert.equal(await supervisor.getByRole('article').getByRole('button', { name, exact: true }).count(), 0, name)
  await look(supervisor, 'transfers-supervisor')
})
