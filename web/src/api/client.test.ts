import { describe, expect, it, vi } from 'vitest'
import { problem, serve } from '@/testing/server'
import { api, fieldErrors, ok, ProblemError, useToken, whenSignedOut } from './client'

async function refused(call: Promise<unknown>): Promise<ProblemError> {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(ProblemError)
  return thrown as ProblemError
}

describe('client', () => {
  it('sends the CSRF token with a change and not with a reading', async () => {
    const asked = serve({ 'GET /api/workbench': {}, 'PUT /api/session/preferences': undefined })
    useToken('abc')
    await ok(api.GET('/api/workbench'))
    await ok(api.PUT('/api/session/preferences', { body: { large_type: true } }))
    expect(asked.map(({ headers }) => headers.get('X-CSRF-Token'))).toEqual([null, 'abc'])
  })

  it('throws the server\'s words with the code', async () => {
    serve({ 'GET /api/workbench': problem(403, 'forbidden', '您没有这项权限。') })
    expect(await refused(ok(api.GET('/api/workbench')))).toMatchObject({ code: 'forbidden', message: '您没有这项权限。' })
  })

  it('says that a change may not have been written when the network fails', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
    const error = await refused(ok(api.DELETE('/api/session')))
    expect(error.code).toBe('offline')
    expect(error.detail).toContain('可能没有写入')
  })

  it('has words of its own for an answer that is not the server\'s', async () => {
    serve({ 'GET /api/workbench': () => new Response('<html>', { status: 502 }) })
    expect((await refused(ok(api.GET('/api/workbench')))).detail).toContain('服务暂时不可用')
  })

  it('tells when the session has ended, but not when a sign-in is refused', async () => {
    const ended = vi.fn()
    whenSignedOut(ended)
    serve({ 'POST /api/session': problem(401, 'bad_credentials', '账号或密码不对。'), 'GET /api/workbench': problem(401, 'signed_out', '请重新登录。') })
    await refused(ok(api.POST('/api/session', { body: { login: 'a', password: 'b' } })))
    expect(ended).not.toHaveBeenCalled()
    await refused(ok(api.GET('/api/workbench')))
    expect(ended).toHaveBeenCalledOnce()
  })

  it('finds a field\'s message by its name and by its path', () => {
    const error = new ProblemError({ type: '', title: '', status: 422, code: 'invalid', detail: '', errors: [{ pointer: '/fields/name', code: 'bad_name', message: '请核对姓名。' }] })
    expect(fieldErrors(error)).toEqual({ 'fields/name': '请核对姓名。', name: '请核对姓名。' })
  })
})
