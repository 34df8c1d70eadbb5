import { beforeEach, expect, it } from 'vitest'
import { expired, putSession } from '@/session/session'
import { control, fill, open, readable, send } from '@/testing/open'
import { serve, sessionOf } from '@/testing/server'
import SignInAgain from './SignInAgain.vue'

beforeEach(() => {
  putSession(sessionOf('secretary'))
  expired.value = true
})

it('signs the same account in again and gives the page back', async () => {
  const asked = serve({ 'POST /api/session': { ...sessionOf('secretary'), csrf: 'new' } })
  await open(SignInAgain)
  expect(readable()).toContain('您填的内容还在')
  expect(control('登录名').readOnly).toBe(true)
  await fill('密码', 'correct horse')
  await send()
  expect(asked[0]?.body).toMatchObject({ login: 'zhou' })
  expect(expired.value).toBe(false)
})
