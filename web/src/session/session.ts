// Who sits before the screen: the one thing that all pages share. Everything else is asked for where it is shown.
import { computed, readonly, ref, shallowRef } from 'vue'
import { api, ok, ProblemError, useToken } from '@/api/client'
import type { Role, Schemas, Session } from '@/api/types'

const current = shallowRef<Session | null>(null)
let asked: Promise<Session | null> | null = null
/** The session ended while something was being sent; signing in again over the page keeps what was typed. */
export const expired = ref(false)

function keep(session: Session | null) {
  current.value = session
  expired.value = false
  asked = Promise.resolve(session)
  useToken(session?.csrf ?? '')
  document.documentElement.classList.toggle('large-type', session?.account.large_type ?? false)
}

/** The session, asked for once; null when nobody is signed in. */
export function loadSession(): Promise<Session | null> {
  asked ??= ok(api.GET('/api/session')).then(
    session => {
      keep(session)
      return session
    },
    (error: unknown) => {
      asked = null
      if (error instanceof ProblemError && error.status === 401) return null
      throw error
    },
  )
  return asked
}

export async function signIn(login: Schemas['Login']) {
  keep(await ok(api.POST('/api/session', { body: login })))
}

export async function signOut() {
  await ok(api.DELETE('/api/session'))
  keep(null)
}

/** Forgets the session without asking the server: it has ended there already. */
export function forgetSession() {
  keep(null)
}

/** Asks again, after something about the account has changed. */
export function refreshSession() {
  asked = null
  return loadSession()
}

/** Changes what the screen knows of the account at once, e.g. after its password was changed. */
export function patchAccount(part: Partial<Session['account']>) {
  if (current.value) keep({ ...current.value, account: { ...current.value.account, ...part } })
}

export async function setLargeType(large: boolean) {
  await ok(api.PUT('/api/session/preferences', { body: { large_type: large } }))
  patchAccount({ large_type: large })
}

const roles = computed(() => current.value?.roles ?? [])
const account = computed(() => current.value?.account ?? null)
const enterprise = computed(() => current.value?.enterprise.name ?? '')
/** The server's date, so that deadlines do not depend on the clock of the desk. */
const today = computed(() => current.value?.today ?? new Date().toISOString().slice(0, 10))

/** Whether the account holds one of the roles, anywhere. The server decides; this only spares useless buttons. */
function can(...wanted: readonly Role[]) {
  return roles.value.some(({ role }) => wanted.includes(role))
}

export function useSession() {
  return { session: readonly(current), account, roles, enterprise, today, can }
}

/** For tests: a session without a server. */
export function putSession(session: Session | null) {
  keep(session)
}
