// The question of the page: kept in the address, asked in plain words, moved between organisations.
import { computed, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api, ok } from '@/api/client'
import type { Schemas } from '@/api/types'
import { useSubmit } from '@/shared/useSubmit'
import { FIRST, fromAddress, fromParams, mend, toAddress, type Query } from './query'

export function useQuestion() {
  const route = useRoute()
  const router = useRouter()
  const text = ref('')
  const answer = shallowRef<Schemas['StatsAnswer'] | null>(null)
  let answered = ''
  const { busy, problem, submit } = useSubmit()

  const query = computed({
    get: () => fromAddress(route.query) ?? FIRST,
    set: (asked: Query) => void router.push({ query: toAddress(asked) }),
  })
  const kind = computed({
    get: () => String(route.query.chart ?? ''),
    set: (chart: string) => void router.replace({ query: { ...route.query, chart: chart || undefined } }),
  })

  const listen = (q: string) => ok(api.GET('/api/stats/ask', { params: { query: { q } } }))

  /** Asks in plain words, and shows what they were taken to mean. */
  function ask(q: string) {
    text.value = q
    return submit(async () => {
      answer.value = await listen(q)
      answered = q
      query.value = fromParams(answer.value.query, { years: yearsOf(answer.value), share: answer.value.share, q })
    })
  }

  /** What a question in the address was taken to mean; only its words, the query itself stands in the address. */
  watch(
    () => String(route.query.q ?? ''),
    async q => {
      if (q) text.value = q
      if (q === answered) return
      answered = q
      answer.value = null
      if (!q) return
      if (!fromAddress(route.query)) await ask(q)
      else await submit(async () => (answer.value = await listen(q)))
    },
    { immediate: true },
  )

  /** Counts another organisation; '' = everything. The address holds codes, pickers and paths hold ids. */
  function moveTo(id: string) {
    return submit(async () => {
      const org = id ? (await ok(api.GET('/api/orgs/{id}', { params: { path: { id } } }))).code : ''
      query.value = mend(query.value, { org })
    })
  }
  return { query, kind, text, answer, busy, problem, ask, moveTo }
}

function yearsOf({ trend }: Schemas['StatsAnswer']) {
  return trend ? { from: trend.from_year, to: trend.to_year } : null
}
