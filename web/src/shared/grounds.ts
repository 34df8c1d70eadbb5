// The grounds of the rules, as the server keeps them: asked for once, when the first one is opened.
import { shallowRef } from 'vue'
import { api, ok } from '@/api/client'
import type { Schemas } from '@/api/types'

export type Ground = Schemas['Ground']
const known = shallowRef<Map<string, Ground> | null>(null)
let asked: Promise<void> | null = null

/** The ground of a rule once it is known; asks for all of them the first time. */
export function groundOf(rule: string) {
  return known.value?.get(rule)
}

export function askGrounds() {
  asked ??= ok(api.GET('/api/grounds')).then(
    ({ items }) => {
      known.value = new Map(items.map(item => [item.rule, item]))
    },
    () => {
      asked = null
    },
  )
  return asked
}

/** Where a ground stands: regulation and article. */
export const sourceOf = (ground: Ground) => `${ground.regulation}${ground.article ? ` ${ground.article}` : ''}`
