// Counts for a question: its table, or its series of years; the base of its shares where they are asked for.
import { computed, type Ref } from 'vue'
import { api, ok } from '@/api/client'
import type { Schemas } from '@/api/types'
import { useLoad } from '@/shared/useLoad'
import { toParams, type Query } from './query'
import type { StatsTable } from './table'

export interface Result {
  query: Query
  table: StatsTable
  trend: Schemas['StatsTrend'] | null
  /** The same count without the conditions. */
  base: StatsTable | null
}

const table = (query: Query) => ok(api.GET('/api/stats', { params: { query: toParams(query) } }))

async function count(query: Query): Promise<Result> {
  if (!query.years) {
    const [answer, base] = await Promise.all([table(query), query.share ? table({ ...query, filters: [] }) : null])
    return { query, table: answer, trend: null, base }
  }
  const asked = { ...toParams(query), as_of: undefined, from_year: query.years.from, to_year: query.years.to }
  const [trend, now] = await Promise.all([ok(api.GET('/api/stats/trend', { params: { query: asked } })), table({ ...query, by: [], asOf: '' })])
  return { query, table: now, trend, base: null }
}

export function useStats(query: Ref<Query>) {
  const key = computed(() => JSON.stringify({ ...query.value, q: '' }))
  return useLoad(() => count(query.value), key)
}
