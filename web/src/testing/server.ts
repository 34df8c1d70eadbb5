// A server for component tests: answers by "METHOD /path", remembers what was asked. Anything else is an error of the test.
import { vi } from 'vitest'
import type { Problem, Session } from '@/api/types'

export interface Asked {
  method: string
  path: string
  query: URLSearchParams
  headers: Headers
  body: unknown
}
type Reply = unknown | ((asked: Asked) => unknown)

/** A refusal with this status and these words. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {}
}

export function problem(status: number, code: string, detail: string, errors: Problem['errors'] = []) {
  return new Refusal(status, { type: 'about:blank', title: detail, status, code, detail, errors })
}

function respond(reply: unknown) {
  if (reply instanceof Response) return reply
  if (reply instanceof Refusal) return new Response(JSON.stringify(reply.problem), { status: reply.status, headers: { 'Content-Type': 'application/problem+json' } })
  if (reply === undefined || reply === null) return new Response(null, { status: 204 })
  return new Response(JSON.stringify(reply), { headers: { 'Content-Type': 'application/json' } })
}

/** Puts the replies in place of the network; returns the list of what was asked, in order. */
export function serve(replies: Record<string, Reply>) {
  const asked: Asked[] = []
  vi.stubGlobal('fetch', async (input: Request | URL | string, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(String(input), location.origin), init)
    const url = new URL(request.url)
    const text = await request.text()
    const one: Asked = { method: request.method, path: url.pathname, query: url.searchParams, headers: request.headers, body: text ? JSON.parse(text) : undefined }
    asked.push(one)
    const key = `${one.method} ${one.path}`
    if (!(key in replies)) throw new Error(`no reply for ${key}`)
    const reply = replies[key]
    return respond(typeof reply === 'function' ? await reply(one) : reply)
  })
  return asked
}

/** A session with these roles on the whole (synthetic) enterprise. */
export function sessionOf(...roles: Session['roles'][number]['role'][]): Session {
  return {
    account: { id: '1', login: 'zhou', display_name: '周明', person_id: null, must_change_password: false, totp_enabled: false, large_type: false },
    roles: roles.map(role => ({ role, org_id: '10', org_name: '示例集团党委' })),
    enterprise: { id: '1', name: '示例集团' },
    csrf: 'csrf-value',
    today: '2026-03-05',
  }
}
