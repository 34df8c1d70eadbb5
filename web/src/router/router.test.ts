import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory } from 'vue-router'
import { api } from '@/api/client'
import { makeRouter } from './index'
import { safeBack } from './back'
import { expired, putSession, refreshSession } from '@/session/session'
import { problem, serve, sessionOf } from '@/testing/server'

async function opened(path: string) {
  const router = makeRouter(createMemoryHistory())
  await router.push(path)
  return router
}

describe('router', () => {
  beforeEach(() => putSession(null))

  it('leads somebody who is not signed in to the sign-in page and keeps the address', async () => {
    serve({ 'GET /api/session': problem(401, 'signed_out', '请登录。') })
    await refreshSession()
    const { currentRoute } = await opened('/members?stage=full')
    expect(currentRoute.value.path).toBe('/login')
    expect(currentRoute.value.query.back).toBe('/members?stage=full')
  })

  it('leads to the sign-in page when the session ends while a page is open', async () => {
    putSession(sessionOf('party_staff'))
    const router = await opened('/transfers?state=pending')
    serve({ 'GET /api/workbench': problem(401, 'signed_out', '请重新登录。') })
    await api.GET('/api/workbench')
    await vi.waitFor(() => expect(router.currentRoute.value.path).toBe('/login'))
    expect(router.currentRoute.value.query.back).toBe('/transfers?state=pending')
  })

  it('stays on the page when a change is refused because the session ended, so that nothing typed is lost', async () => {
    putSession(sessionOf('party_staff'))
    const router = await opened('/members/new')
    serve({ 'PUT /api/session/preferences': problem(401, 'signed_out', '请重新登录。'), 'GET /api/workbench': problem(401, 'signed_out', '请重新登录。') })
    await api.PUT('/api/session/preferences', { body: { large_type: true } })
    await api.GET('/api/workbench')
    expect(expired.value).toBe(true)
    expect(router.currentRoute.value.path).toBe('/members/new')
  })

  it('asks for a new password before anything else', async () => {
    const session = sessionOf('secretary')
    putSession({ ...session, account: { ...session.account, must_change_password: true } })
    expect((await opened('/orgs')).currentRoute.value.fullPath).toBe('/password?back=/orgs')
  })

  it.each([
    ['member', '/members'],
    ['secretary', '/imports'],
    ['system_admin', '/system/ledger'],
    ['auditor', '/me'],
  ] as const)('does not open for %s the page %s', async (role, path) => {
    putSession(sessionOf(role))
    expect((await opened(path)).currentRoute.value.path).toBe('/not-allowed')
  })

  it.each(['https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example', '/login', undefined])('does not lead back to %s', back => {
    expect(safeBack(back)).toBe('/')
  })
})
