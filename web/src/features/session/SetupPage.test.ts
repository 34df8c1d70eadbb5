import { describe, expect, it } from 'vitest'
import { open, readable, send, settle } from '@/testing/open'
import { serve } from '@/testing/server'
import SetupPage from './SetupPage.vue'

async function fillIn(logins: string[]) {
  const inputs = [...document.querySelectorAll('input')]
  const values = ['示例集团党委', ...logins.flatMap(login => [login, 'long enough', 'long enough'])]
  for (const [index, value] of values.entries()) {
    const input = inputs[index]
    if (!input) throw new Error('too few fields')
    input.value = value
    input.dispatchEvent(new Event('input'))
  }
  await settle()
}

describe('SetupPage', () => {
  it('sends the token of the address with three accounts, one for each duty', async () => {
    const asked = serve({ 'GET /api/setup': { needed: true }, 'POST /api/setup': undefined })
    await open(SetupPage, { at: '/setup?token=abc' })
    await fillIn(['one', 'two', 'three'])
    await send()
    expect(asked.at(-1)?.body).toMatchObject({
      token: 'abc',
      accounts: [
        { role: 'system_admin', login: 'one', password: 'long enough' },
        { role: 'security_admin', login: 'two' },
        { role: 'auditor', login: 'three' },
      ],
    })
    expect(readable()).toContain('设置完成')
  })

  it('does not take one account for two duties', async () => {
    const asked = serve({ 'GET /api/setup': { needed: true } })
    await open(SetupPage, { at: '/setup?token=abc' })
    await fillIn(['one', 'one', 'three'])
    await send()
    expect(asked).toHaveLength(1)
    expect(readable()).toContain('三个登录名不能相同')
  })

  it('offers only the sign-in once it has been set up', async () => {
    serve({ 'GET /api/setup': { needed: false } })
    await open(SetupPage)
    expect(readable()).toContain('已经设置过了')
    expect(document.querySelector('form')).toBeNull()
  })
})
