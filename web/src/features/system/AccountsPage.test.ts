import { beforeEach, describe, expect, it } from 'vitest'
import type { Schemas } from '@/api/types'
import { putSession } from '@/session/session'
import { button, fill, open, press, readable, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import AccountsPage from './AccountsPage.vue'
import { grantFault } from './roleRules'

const account: Schemas['Account'] = {
  id: '5', login: 'A10023', display_name: '慕容雪', disabled: false, locked: false, totp_enabled: false,
  grants: [{ id: 'g', role: 'secretary', org_id: '10', org_name: '第三党支部' }],
}
const list = { items: [account], next: null }

describe('AccountsPage', () => {
  beforeEach(() => putSession(sessionOf('security_admin')))

  it('shows a new account\'s password once, and then its roles', async () => {
    serve({ 'GET /api/accounts': list, 'POST /api/accounts': { id: '5', password: 'Kf7-wQm2' } })
    await open(AccountsPage)
    await press('新建账号')
    await fill('登录名', 'A10023')
    await fill('姓名', '慕容雪')
    await press('建立账号')
    expect(readable()).toContain('Kf7-wQm2')
    await press('已经记下，关闭')
    await settle()
    expect(document.querySelector('.el-drawer')?.textContent).toContain('授予角色')
  })

  it('keeps the form when the login is taken', async () => {
    serve({ 'GET /api/accounts': list, 'POST /api/accounts': problem(422, 'taken', '账号已被使用。', [{ pointer: '/login', code: 'taken', message: '账号已被使用，请换一个。' }]) })
    await open(AccountsPage)
    await press('新建账号')
    await fill('登录名', 'A10023')
    await fill('姓名', '慕容雪')
    await press('建立账号')
    expect(document.querySelector('.form-field.wrong')?.textContent).toContain('请换一个')
  })

  it('names what disabling means before it is done, and shows the new state', async () => {
    const asked = serve({ 'GET /api/accounts': list, 'PATCH /api/accounts/5': { ...account, disabled: true } })
    await open(AccountsPage)
    await press('慕容雪')
    await press('停用账号')
    expect(readable()).toContain('不能再登录')
    expect(asked.some(({ method }) => method === 'PATCH')).toBe(false)
    const buttons = [...document.querySelectorAll<HTMLButtonElement>('.el-dialog button')]
    buttons.find(one => one.textContent?.trim() === '停用账号')?.click()
    await settle()
    expect(asked.at(-1)).toMatchObject({ method: 'PATCH', body: { disabled: true } })
    expect(document.querySelector('tbody')?.textContent).toContain('已停用')
  })

  it('grants a role on the administrator\'s own organisation unless another is chosen', async () => {
    const asked = serve({ 'GET /api/accounts': list, 'POST /api/accounts/5/grants': { id: 'n', role: 'party_staff', org_id: '10', org_name: '示例集团党委' } })
    await open(AccountsPage)
    await press('慕容雪')
    document.querySelector<HTMLElement>('.el-drawer .el-select__wrapper')?.click()
    await settle()
    const option = [...document.querySelectorAll<HTMLElement>('.el-select-dropdown__item')].find(one => one.textContent?.includes('党务工作者'))
    option?.click()
    await settle()
    document.querySelector('.el-drawer form')?.dispatchEvent(new Event('submit', { cancelable: true }))
    await settle()
    expect(asked.at(-1)?.body).toEqual({ role: 'party_staff', org_id: '10' })
    expect(document.querySelector('.grants')?.textContent).toContain('党务工作者')
  })

  it('does not let me change my own account', async () => {
    serve({ 'GET /api/accounts': { items: [{ ...account, id: '1' }], next: null } })
    await open(AccountsPage)
    await press('慕容雪')
    expect(button('停用账号').disabled).toBe(true)
    expect(button('重置密码').disabled).toBe(true)
    expect(document.querySelector('.el-drawer form')).toBeNull()
  })
})

describe('grantFault', () => {
  it.each([
    [['system_admin'], 'auditor', '三员分立：不能同时担任系统管理员'],
    [['member'], 'security_admin', '安全管理员不得查看党员数据，不能兼任党员本人'],
    [['auditor'], 'secretary', '审计员不得查看党员数据，不能兼任书记'],
    [['member', 'secretary'], 'party_staff', ''],
    [['auditor'], 'auditor', ''],
    [[], 'auditor', ''],
  ] as const)('judges %s beside %s', (held, wanted, reason) => {
    expect(grantFault(held, wanted)).toBe(reason)
  })
})
