import { beforeEach, describe, expect, it } from 'vitest'
import { putSession, useSession } from '@/session/session'
import { fill, open, press, readable, send } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import SecondFactorPage from './SecondFactorPage.vue'

const secret = { secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/x?secret=JBSWY3DPEHPK3PXP' }

describe('SecondFactorPage', () => {
  beforeEach(() => putSession(sessionOf('secretary')))

  it('shows the secret as a code and in writing, and is on once a code was right', async () => {
    serve({ 'POST /api/session/totp': secret, 'PUT /api/session/totp': undefined })
    await open(SecondFactorPage)
    await press('开始启用')
    expect(document.querySelector('svg[role=img] path')?.getAttribute('d')).toMatch(/^M/)
    expect(readable()).toContain('JBSW Y3DP EHPK 3PXP')
    await fill('动态口令', '123456')
    await send()
    expect(useSession().account.value?.totp_enabled).toBe(true)
  })

  it('stays off when the code was wrong', async () => {
    serve({ 'POST /api/session/totp': secret, 'PUT /api/session/totp': problem(422, 'totp_wrong', '动态口令不对。') })
    await open(SecondFactorPage)
    await press('开始启用')
    await fill('动态口令', '000000')
    await send()
    expect(readable()).toContain('动态口令不对。')
    expect(useSession().account.value?.totp_enabled).toBe(false)
  })
})
