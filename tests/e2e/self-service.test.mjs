// A member's own data: seen, checked, corrected with proof; and the way from a binding code to an account of one's own.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, PHONE, demo, picture, signIn, sound } from './site.mjs'

let site
before(async () => {
  site = await demo()
})
after(() => site?.stop())

async function pictured(page, name) {
  for (const [width, viewport] of [['phone', PHONE], ['desk', DESK]]) {
    await page.setViewportSize(viewport)
    await page.waitForLoadState('networkidle')
    await picture(page, `${name}-${width}`)
    await sound(page, `${name} on the ${width}`)
  }
}

test('a member corrects a wrong entry, the branch decides, the member sees it', async () => {
  const member = await site.page('member')
  await member.goto(`${site.origin}/me`)
  await member.getByRole('heading', { name: '谁看过我的信息' }).waitFor()
  await pictured(member, 'me')
  await member.getByRole('button', { name: '显示完整号码和住址' }).click()
  await member.getByText(/^\d{17}[\dX]$/).waitFor()

  await member.getByRole('button', { name: '申请更正' }).click()
  await member.getByLabel(/^更正哪一项/).click()
  await member.getByRole('option', { name: '籍贯', exact: true }).click()
  await member.getByLabel(/^应当是/).fill('四川雅安')
  await member.getByLabel(/^理由/).fill('户口本上是雅安')
  await member.locator('input[type=file]').setInputFiles({ name: '户口本.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') })
  await member.getByText('户口本.pdf').waitFor()
  await picture(member, 'me-proposal-desk')
  await member.getByRole('button', { name: '提交更正申请' }).click()
  await member.getByText('四川雅安').waitFor()

  const staff = await site.page('staff')
  await staff.goto(`${site.origin}/changes`)
  const card = staff.getByRole('article').filter({ hasText: '四川雅安' })
  await card.waitFor()
  await pictured(staff, 'changes')
  await card.getByRole('button', { name: '采纳更正' }).click()
  await staff.getByRole('dialog').getByRole('button', { name: '采纳更正' }).click()
  await card.waitFor({ state: 'detached' })

  await member.goto(`${site.origin}/me`)
  await member.getByText('已采纳').first().waitFor()
  await member.getByRole('region', { name: '登记的信息' }).getByText('四川雅安').waitFor()
})

test('a proposal is sent back with a reason that the member reads', async () => {
  const member = await site.page('member')
  await member.goto(`${site.origin}/me`)
  await member.getByRole('button', { name: '申请更正' }).click()
  await member.getByLabel(/^更正哪一项/).click()
  await member.getByRole('option', { name: '行政职务', exact: true }).click()
  await member.getByLabel(/^应当是/).fill('综合室副主任')
  await member.getByLabel(/^理由/).fill('岗位已经调整')
  await member.getByRole('button', { name: '提交更正申请' }).click()
  await member.getByText('综合室副主任').first().waitFor()

  const staff = await site.page('staff')
  await staff.goto(`${site.origin}/changes`)
  const card = staff.getByRole('article').filter({ hasText: '综合室副主任' })
  await card.getByRole('button', { name: '退回' }).click()
  const dialog = staff.getByRole('dialog')
  await dialog.getByRole('textbox').fill('请附任职文件')
  await dialog.getByRole('button', { name: '退回', exact: true }).click()
  await card.waitFor({ state: 'detached' })

  await member.goto(`${site.origin}/me`)
  await member.getByText('请附任职文件').waitFor()
})

test('whoever opens a dossier or sees its numbers is named to the member', async () => {
  const staff = await site.page('staff')
  const member = await site.page('member')
  const { id } = await member.evaluate(async () => (await fetch('/api/me/dossier')).json())
  await staff.goto(`${site.origin}/members/${id}`)
  await staff.getByRole('heading', { level: 1 }).waitFor()
  await member.goto(`${site.origin}/me`)
  await member.getByRole('region', { name: '谁看过我的信息' }).getByText('演示党务工作者').first().waitFor()
})

test('a binding code makes an account for the person it was given to, once', async () => {
  const staff = await site.page('staff')
  // Somebody without an account: not the demo's secretary or member, who come first.
  const { items } = await staff.evaluate(async () => (await fetch('/api/members?stage=full')).json())
  const { id, name } = items.at(-1)
  const { identity_number: number } = await staff.evaluate(async ({ id }) => {
    const { csrf } = await (await fetch('/api/session')).json()
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }
    const body = JSON.stringify({ reason: '办理身份认证' })
    return (await fetch(`/api/members/${id}/reveal`, { method: 'POST', headers, body })).json()
  }, { id })
  await staff.goto(`${site.origin}/members/${id}`)
  await staff.getByRole('button', { name: '发放认证码' }).click()
  const dialog = staff.getByRole('dialog')
  await dialog.getByRole('button', { name: '发放认证码' }).click()
  const code = (await dialog.getByRole('status').textContent()).trim()
  assert.match(code, /^[0-9A-Z -]{10,14}$/)
  await picture(staff, 'member-binding-desk')

  const own = await site.page()
  await own.goto(`${site.origin}/bind`)
  const fill = async given => {
    await own.getByLabel(/^姓名/).fill(name)
    await own.getByLabel(/^公民身份号码/).fill(number)
    await own.getByLabel(/^认证码/).fill(given)
    await own.getByLabel(/^登录名/).fill('xinzhanghao')
    await own.getByLabel(/^密码/).fill('Songbai-2026-x')
    await own.getByLabel(/^再输一次密码/).fill('Songbai-2026-x')
    await own.getByRole('button', { name: '认证并建立账号' }).click()
  }
  await fill('2222222222')
  await own.getByRole('alert').first().waitFor()
  await pictured(own, 'bind')
  await fill(code)
  await own.getByText('认证完成').waitFor()
  await signIn(own, site.origin, 'xinzhanghao', 'Songbai-2026-x')
  await own.goto(`${site.origin}/me`)
  await own.getByRole('region', { name: '登记的信息' }).getByText(name).first().waitFor()

  const second = await site.page()
  await second.goto(`${site.origin}/bind`)
  assert.equal(await second.getByLabel(/^认证码/).inputValue(), '')
})
