import { beforeEach, describe, expect, it } from 'vitest'
import { putSession } from '@/session/session'
import { fill, open, readable, send } from '@/testing/open'
import { problem, serve, sessionOf, type Asked } from '@/testing/server'
import LoginPage from './LoginPage.vue'

const ready = { 'GET /api/setup': { needed: false } }

async function signIn() {
  await fill('登录名', 'zhou')
  await fill('密码', 'correct horse')
  await send()
}

describe('LoginPage', () => {
  beforeEach(() => putSession(null))

  it('leads back to the address that was wished for', async () => {
    serve({ ...ready, 'POST /api/session': sessionOf('secretary') })
    const { router } = await open(LoginPage, { at: '/login?back=/members?stage=full' })
    await signIn()
    expect(router.currentRoute.value.fullPath).toBe('/members?stage=full')
  })

  it('does not ask the server while a field is empty', async () => {
    const asked = serve(ready)
    await open(LoginPage)
    await send()
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(0)
    expect(readable()).toContain('请输入密码。')
  })

  it('asks for the one-time code when the account has a second factor, and sends both', async () => {
    const asked = serve({
      ...ready,
      'POST /api/session': ({ body }: Asked) => ((body as { totp?: string }).totp ? sessionOf('secretary') : problem(401, 'totp_required', '请输入动态口令。')),
    })
    const { router } = await open(LoginPage)
    await signIn()
    expect(readable()).not.toContain('请输入动态口令。')
    await fill('动态口令', '123 456')
    await send()
    expect(asked.at(-1)?.body).toEqual({ login: 'zhou', password: 'correct horse', totp: '123456' })
    expect(router.currentRoute.value.path).toBe('/')
  })

  it('stays at the second step when the code is wrong', async () => {
    serve({
      ...ready,
      'POST /api/session': ({ body }: Asked) => ((body as { totp?: string }).totp ? problem(401, 'totp_wrong', '动态口令不对，请输入最新的 6 位数字。') : problem(401, 'totp_required', '')),
    })
    await open(LoginPage)
    await signIn()
    await fill('动态口令', '000000')
    await send()
    expect(readable()).toContain('动态口令不对')
  })

  it('says how long to wait after too many attempts, and keeps the login', async () => {
    serve({ ...ready, 'POST /api/session': problem(429, 'throttled', '连续输错 5 次，请 15 分钟后再试。') })
    await open(LoginPage)
    await signIn()
    expect(readable()).toContain('请 15 分钟后再试')
    expect(document.querySelector('input')?.value).toBe('zhou')
  })

  it('tells when the system has not been set up', async () => {
    serve({ 'GET /api/setup': { needed: true } })
    await open(LoginPage)
    expect(readable()).toContain('还没有设置三员账号')
  })
})
