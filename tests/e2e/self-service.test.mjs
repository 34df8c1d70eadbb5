// What members do for themselves: read what is held about them and who looked, have it corrected, and open an account by 身份认证.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { ask, choose, demo, look, signIn, withReason } from './site.mjs'

const PAPER = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
let site
let staff
let member
let me
before(async () => {
  site = await demo({ members: 800 })
  staff = await site.page('staff')
  member = await site.page('member')
  me = await ask(member, '/api/me/dossier')
})
after(() => site?.stop())

test('a member sees everything held, the numbers only when asked for, and who looked at it and why', async () => {
  const { person_id } = (await ask(member, '/api/session')).account
  await staff.goto(`${site.origin}/members/${person_id}`)
  await staff.getByRole('button', { name: '查看完整号码' }).click()
  await withReason(staff.getByRole('dialog', { name: '查看完整号码' }), '查看完整号码', '核对缴费名单')
  await staff.getByText(me.identity_number).waitFor()

  await member.getByRole('link', { name: '我的', exact: true }).filter({ visible: true }).click()
  await member.getByRole('heading', { level: 1, name: '我的' }).waitFor()
  const facts = member.getByRole('region', { name: '登记的信息' })
  await facts.getByText(me.name, { exact: true }).waitFor()
  assert.equal(await member.getByText(me.identity_number).count(), 0)
  const views = member.getByRole('region', { name: '谁看过我的信息' })
  const view = views.getByRole('listitem').filter({ hasText: '核对缴费名单' })
  await view.waitFor()
  assert.match(await view.innerText(), /演示党务工作者.*查看完整号码/s)
  await look(member, 'me')
  await views.scrollIntoViewIfNeeded()
  await look(member, 'me-views')
  await facts.getByRole('button', { name: '显示完整号码和住址' }).click()
  await facts.getByText(me.identity_number).waitFor()
  await facts.getByRole('button', { name: '遮住号码和住址' }).click()
})

async function propose(value, reason, proof) {
  await member.goto(`${site.origin}/me`)
  await member.getByRole('button', { name: '申请更正' }).click()
  const form = member.getByRole('dialog', { name: '申请更正我的信息' })
  await choose(form, '更正哪一项', '联系电话', '联系')
  await form.getByLabel(/^应当是/).fill(value)
  await form.getByLabel(/^理由/).fill(reason)
  if (proof) {
    await form.locator('input[type=file]').setInputFiles({ name: proof, mimeType: 'application/pdf', buffer: PAPER })
    await form.getByRole('button', { name: `去掉 ${proof}` }).waitFor()
  }
  return form
}
const state = words => member.getByRole('region', { name: '我的更正申请' }).getByRole('listitem').filter({ hasText: words }).first()

test('a correction: a wrong value is refused beside its field, a right one waits for the branch', async () => {
  const form = await propose('12345', '换了手机号码', '号码证明.pdf')
  await form.getByRole('button', { name: '提交更正申请' }).click()
  await form.locator('.form-field', { hasText: '应当是' }).getByRole('alert').waitFor()
  assert.equal(await form.getByLabel(/^应当是/).inputValue(), '12345')
  await look(member, 'me-change-refused')
  await form.getByLabel(/^应当是/).fill('16012345678')
  await look(member, 'me-change')
  await form.getByRole('button', { name: '提交更正申请' }).click()
  await form.waitFor({ state: 'hidden' })
  await state('等待审核').waitFor()
})

test('the branch is reminded, compares old and new, opens the proof, adopts it; the member sees the outcome', async () => {
  const secretary = await site.page('secretary')
  const duty = secretary.getByRole('list', { name: '要办的事，按期限先后' }).getByRole('listitem').filter({ hasText: '信息更正' })
  await duty.waitFor()
  await look(secretary, 'workbench-changes')
  await duty.getByRole('button').last().click()
  await secretary.getByRole('heading', { level: 1, name: '信息更正' }).waitFor()
  const card = secretary.getByRole('article')
  await card.getByText('换了手机号码').waitFor()
  const [download] = await Promise.all([secretary.waitForEvent('download'), card.getByRole('button', { name: '下载 号码证明.pdf' }).click()])
  assert.deepEqual(readFileSync(await download.path()), PAPER)
  await look(secretary, 'changes')
  await card.getByRole('button', { name: '采纳更正' }).click()
  const sure = secretary.getByRole('dialog', { name: '采纳更正' })
  await look(secretary, 'change-approve')
  await sure.getByRole('button', { name: '采纳更正' }).click()
  await secretary.getByText('没有等待审核的更正').waitFor()
  await look(secretary, 'changes-none')

  await member.goto(`${site.origin}/me`)
  await state('已采纳').waitFor()
  assert.equal((await ask(member, '/api/me/dossier')).phone, '16012345678')
})

test('a correction sent back by staff: the member reads why, at 待办 and at 我的', async () => {
  const form = await propose('16087654321', '又换了号码')
  await form.getByRole('button', { name: '提交更正申请' }).click()
  await form.waitFor({ state: 'hidden' })
  await staff.goto(`${site.origin}/changes`)
  await staff.getByRole('article').getByRole('button', { name: '退回' }).click()
  await withReason(staff.getByRole('dialog', { name: '退回更正' }), '退回', '请补充运营商的证明')
  await staff.getByText('没有等待审核的更正').waitFor()
  await staff.getByText('已退回', { exact: true }).click()
  await staff.getByText('请补充运营商的证明').waitFor()
  await look(staff, 'changes-returned')

  await member.goto(site.origin)
  await member.getByText('请补充运营商的证明').waitFor()
  await look(member, 'workbench-returned')
  await member.goto(`${site.origin}/me`)
  await state('请补充运营商的证明').waitFor()
  await look(member, 'me-returned')
  assert.equal((await ask(member, '/api/me/dossier')).phone, '16012345678')
})

test('身份认证: a code is handed out, a wrong one is refused, the right one opens an account once', async () => {
  const someone = (await ask(staff, '/api/members?limit=10')).items[7]
  await staff.goto(`${site.origin}/members/${someone.id}`)
  await staff.getByRole('button', { name: '查看完整号码' }).click()
  await withReason(staff.getByRole('dialog', { name: '查看完整号码' }), '查看完整号码', '当面核对身份证')
  const number = await staff.getByText(/^\d{17}[\dX]$/).innerText()
  await staff.getByRole('button', { name: '发放认证码' }).click()
  const handing = staff.getByRole('dialog', { name: '发放认证码' })
  await look(staff, 'binding')
  await handing.getByRole('button', { name: '发放认证码' }).click()
  const code = await handing.locator('p.given').innerText()
  await look(staff, 'binding-code')
  await handing.getByRole('button', { name: '已交给本人' }).click()

  const fresh = await site.page()
  await fresh.goto(`${site.origin}/login`)
  await fresh.getByRole('link', { name: /身份认证|建立账号/ }).click()
  await fresh.getByRole('heading', { level: 1, name: '身份认证' }).waitFor()
  await fresh.getByRole('button', { name: '认证并建立账号' }).click()
  await fresh.getByText('请输入认证码。').waitFor()
  await look(fresh, 'bind')
  await fresh.getByLabel(/^姓名/).fill(someone.name)
  await fresh.getByLabel('公民身份号码').fill(number)
  await fresh.getByLabel('认证码').fill('AAAA-AAAA-AAAA')
  await fresh.getByLabel('登录名').fill('gonghao-0088')
  await fresh.getByLabel(/^密码/).fill('Qingshan-2026')
  await fresh.getByLabel('再输一次密码').fill('Qingshan-2026')
  await fresh.getByRole('button', { name: '认证并建立账号' }).click()
  await fresh.getByRole('alert').first().waitFor()
  assert.equal(await fresh.getByLabel(/^姓名/).inputValue(), someone.name)
  await look(fresh, 'bind-refused')
  await fresh.getByLabel('认证码').fill(code)
  await fresh.getByRole('button', { name: '认证并建立账号' }).click()
  await fresh.getByRole('heading', { name: '认证完成' }).waitFor()
  await look(fresh, 'bind-done')

  const again = await site.page()
  await again.goto(`${site.origin}/bind`)
  await again.getByLabel(/^姓名/).fill(someone.name)
  await again.getByLabel('公民身份号码').fill(number)
  await again.getByLabel('认证码').fill(code)
  await again.getByLabel('登录名').fill('gonghao-0099')
  await again.getByLabel(/^密码/).fill('Qingshan-2026')
  await again.getByLabel('再输一次密码').fill('Qingshan-2026')
  await again.getByRole('button', { name: '认证并建立账号' }).click()
  await again.getByRole('alert').first().waitFor()

  await signIn(fresh, site.origin, 'gonghao-0088', 'Qingshan-2026')
  await fresh.goto(`${site.origin}/me`)
  await fresh.getByRole('region', { name: '登记的信息' }).getByText(someone.name, { exact: true }).waitFor()
  await fresh.getByRole('listitem').filter({ hasText: '当面核对身份证' }).waitFor()
  await fresh.goto(`${site.origin}/members`)
  await fresh.getByText('没有这一页的权限').first().waitFor()
})
