import { beforeEach, describe, expect, it } from 'vitest'
import { putSession, useSession } from '@/session/session'
import { fill, open, readable, send } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import PasswordPage from './PasswordPage.vue'

async function change(fresh: string, repeated = fresh) {
  await fill('现在的密码', 'initial-1')
  await fill('新密码', fresh)
  await fill('再输一次新密码', repeated)
  await send()
}

describe('PasswordPage', () => {
  beforeEach(() => {
    const session = sessionOf('secretary')
    putSession({ ...session, account: { ...session.account, must_change_password: true } })
  })

  it('lifts the bar on the initial password and leads on', async () => {
    serve({ 'PUT /api/session/password': undefined })
    const { router } = await open(PasswordPage, { at: '/password?back=/orgs' })
    await change('a better one')
    expect(useSession().account.value?.must_change_password).toBe(false)
    expect(router.currentRoute.value.path).toBe('/orgs')
  })

  it('does not send passwords that differ', async () => {
    const asked = serve({})
    await open(PasswordPage)
    await change('a better one', 'a better on')
    expect(asked).toHaveLength(0)
    expect(readable()).toContain('两次输入的密码不一致')
  })

  it.each(['2026030512', 'my-ZHOU-name', 'short'])('does not take %s for a password', async fresh => {
    const asked = serve({})
    await open(PasswordPage)
    await change(fresh)
    expect(asked).toHaveLength(0)
    expect(document.querySelector('.form-field.wrong')?.textContent).toContain('密码')
  })

  it('shows a refusal beside its field', async () => {
    serve({ 'PUT /api/session/password': problem(422, 'wrong_password', '现在的密码不对。', [{ pointer: '/old', code: 'wrong_password', message: '现在的密码不对。' }]) })
    await open(PasswordPage)
    await change('a better one')
    expect(document.querySelector('.form-field.wrong')?.textContent).toContain('现在的密码不对。')
  })
})
