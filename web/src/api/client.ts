// The one way to the server: typed by the contract, refusals thrown as ProblemError, the CSRF token on every change.
// Keeps nothing of what the server holds, except the token and what to do when the session has ended.
import createClient, { type Middleware } from 'openapi-fetch'
import { refusal, unreachable } from './problem'
import type { paths } from './schema'

export { ProblemError, asProblem, fieldErrors } from './problem'

let csrf = ''
let signedOut: (writing: boolean) => void = () => {}

/** The token of the current session; empty after signing out. */
export function useToken(token: string) {
  csrf = token
}

/** What happens when the server says that the session has ended; `writing`: it refused a change for that. */
export function whenSignedOut(action: (writing: boolean) => void) {
  signedOut = action
}

const SAFE = new Set(['GET', 'HEAD'])
/** A refused sign-in is an answer to the form, not the end of a session. */
const ownsRefusal = (url: string) => new URL(url, location.href).pathname === '/api/session'

const guard: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method)) request.headers.set('X-CSRF-Token', csrf)
    return request
  },
  onResponse({ request, response }) {
    if (response.status === 401 && !ownsRefusal(request.url)) signedOut(!SAFE.has(request.method))
  },
  onError({ request }) {
    return unreachable(!SAFE.has(request.method))
  },
}

export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  headers: { Accept: 'application/json, application/problem+json' },
  fetch: request => globalThis.fetch(request),
})
api.use(guard)

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The data of an answer; a refusal is thrown as ProblemError. */
export async function ok<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call
  if (!response.ok) throw refusal(response.status, error)
  return data as T
}

function fileName(disposition: string | null) {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  if (encoded) return decodeURIComponent(encoded)
  return /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1]
}

/** Fetches a file and hands it to the browser's downloads under the name the server gives it. With `body` it is made from what is sent. */
export async function download(path: `/api/${string}`, query: Record<string, string | undefined> = {}, fallbackName = '下载文件', body?: unknown) {
  const url = new URL(path, location.origin)
  for (const [key, value] of Object.entries(query)) if (value) url.searchParams.set(key, value)
  let response: Response
  try {
    response = await fetch(url, {
      credentials: 'same-origin',
      ...(body !== undefined && { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify(body) }),
    })
  } catch {
    throw unreachable(false)
  }
  if (response.status === 401) signedOut(false)
  if (!response.ok) throw refusal(response.status, await response.json().catch(() => null))
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = fileName(response.headers.get('Content-Disposition')) ?? fallbackName
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** Sends a multipart form; `progress` hears the share sent, 0 to 1. (fetch cannot tell how far an upload is.) */
export function upload<T>(path: `/api/${string}`, form: FormData, progress: (share: number) => void = () => {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.responseType = 'json'
    request.setRequestHeader('X-CSRF-Token', csrf)
    request.upload.onprogress = event => event.lengthComputable && progress(event.loaded / event.total)
    request.onerror = () => reject(unreachable(true))
    request.onload = () => {
      if (request.status === 401) signedOut(true)
      if (request.status >= 200 && request.status < 300) resolve(request.response as T)
      else reject(refusal(request.status, request.response))
    }
    request.send(form)
  })
}
