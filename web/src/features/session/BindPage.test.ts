import { describe, expect, it } from 'vitest'
import { fill, open, readable, send } from '@/testing/open'
import { problem, serve } from '@/testing/server'
import BindPage from './BindPage.vue'
import { identityFault, tidyIdentity } from './identity'

async function fillIn(identity: string) {
  await fill('姓名', '欧阳明远')
  await fill('公民身份号码', identity)
  await fill('认证码', 'ABCD-1234')
  await fill('登录名', 'A10023')
  await fill('密码', 'long enough 1')
  await fill('再输一次密码', 'long enough 1')
  await send()
}

describe('BindPage', () => {
  it('sends the identity number without spaces and says that the account exists', async () => {
    const asked = serve({ 'POST /api/bindings': undefined })
    await open(BindPage)
    await fillIn('110105 19491231 002x')
    expect(asked[0]?.body).toMatchObject({ identity_number: '11010519491231002X', code: 'ABCD-1234' })
    expect(readable()).toContain('认证完成')
  })

  it('finds a typing error in the identity number before it is sent', async () => {
    const asked = serve({})
    await open(BindPage)
    await fillIn('110105194912310021')
    expect(asked).toHaveLength(0)
    expect(readable()).toContain('没有通过校验')
  })

  it('keeps what was typed when the server refuses', async () => {
    serve({ 'POST /api/bindings': problem(422, 'binding_failed', '认证码已过期，请向党支部重新领取。') })
    await open(BindPage)
    await fillIn('11010519491231002X')
    expect(readable()).toContain('认证码已过期')
    expect(document.querySelector('input')?.value).toBe('欧阳明远')
  })
})

describe('identityFault', () => {
  it.each([
    ['11010519491231002X', true],
    ['１１０１０５ 19491231 002ｘ', true],
    ['110105194912310020', false],
    ['11010519491231', false],
  ])('judges %s', (typed, good) => {
    expect(identityFault(tidyIdentity(typed)) === '').toBe(good)
  })
})
