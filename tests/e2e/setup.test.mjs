// From a fresh installation to three administrators, each of whom sees his or her own page and nothing else.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, PHONE, bare, picture, signIn, sound } from './site.mjs'

const PASSWORDS = { system_admin: 'Qingsong-2026-a', security_admin: 'Baiyun-2026-b', auditor: 'Cuizhu-2026-c' }
let site
before(async () => {
  site = await bare()
})
after(() => site?.stop())

test('the one-time link sets up three administrators, once', async () => {
  const link = /http:\S+setup\?token=\S+/.exec(site.said())?.[0]
  assert.ok(link, site.said())
  const page = await site.page()
  await page.goto(link)
  await page.getByLabel('单位党组织名称').fill('蜀岭航空产业集团有限公司党委')
  for (const [legend, login, password] of [
    ['系统管理员', 'yunxing', PASSWORDS.system_admin],
    ['安全管理员', 'anquan', PASSWORDS.security_admin],
    ['审计员', 'shenji', PASSWORDS.auditor],
  ]) {
    const group = page.getByRole('group', { name: legend })
    await group.getByLabel('登录名').fill(login)
    await group.getByLabel(/^密码/).fill(password)
    await group.getByLabel('再输一次密码').fill(password)
  }
  await picture(page, 'setup-desk')
  await sound(page, 'setup')
  await page.setViewportSize(PHONE)
  await picture(page, 'setup-phone')
  await page.setViewportSize(DESK)
  await page.getByRole('button', { name: '完成设置' }).click()
  await page.getByText('设置完成').waitFor()

  await page.goto(link)
  await page.getByText('系统已经设置过了').waitFor()
})

test('a wrong password is refused in words, and what was typed stays', async () => {
  const page = await site.page()
  await page.goto(`${site.origin}/login`)
  await page.getByLabel('登录名').fill('yunxing')
  await page.getByLabel(/^密码/).fill('wrong')
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('alert').first().waitFor()
  assert.equal(await page.getByLabel('登录名').inputValue(), 'yunxing')
  await picture(page, 'login-refused')
  await sound(page, 'login')
})

for (const [login, role, path, heading] of [
  ['yunxing', 'system_admin', '/system/status', '系统状态'],
  ['anquan', 'security_admin', '/system/accounts', '账号'],
  ['shenji', 'auditor', '/system/ledger', '留痕'],
]) {
  test(`${role} works on ${path} and sees no member data`, async () => {
    const page = await site.page()
    await signIn(page, site.origin, login, PASSWORDS[role])
    // Whoever filled in the setup form knew the passwords of all three.
    await page.getByLabel('现在的密码').fill(PASSWORDS[role])
    await page.getByLabel(/^新密码/).fill(`${PASSWORDS[role]}-own`)
    await page.getByLabel('再输一次新密码').fill(`${PASSWORDS[role]}-own`)
    await page.getByRole('button', { name: '修改密码' }).click()
    await page.waitForURL(url => url.pathname !== '/password')
    await page.goto(site.origin + path)
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await page.waitForLoadState('networkidle')
    await picture(page, `${path.split('/')[2]}-desk`)
    await sound(page, path)
    await page.setViewportSize(PHONE)
    await picture(page, `${path.split('/')[2]}-phone`)
    await sound(page, `${path} on the phone`)
    await page.goto(`${site.origin}/members`)
    await page.getByText('没有这一页的权限').first().waitFor()
  })
}
