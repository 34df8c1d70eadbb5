// The agenda and its notes while they are being written: kept here until they are saved whole, so that nothing typed is lost when the
// meeting is read again meanwhile.
import { computed, onScopeDispose, ref, watch } from 'vue'
import { useRouter } from 'vue-router'
import type { Item } from './meeting'
import type { useMeeting } from './useMeeting'

export interface Draft {
  /** Stays the same while the item is on the screen. */
  key: string
  id: string | null
  activity: string | null
  title: string
  notes: string
}
let made = 0
const draftOf = (item: Item): Draft => ({ key: item.id, id: item.id, activity: item.activity ?? null, title: item.title, notes: item.notes })
const same = (draft: Draft, item: Item) => draft.id === item.id && draft.activity === (item.activity ?? null) && draft.title.trim() === item.title && draft.notes.trim() === item.notes

export function useAgenda({ meeting, step }: Pick<ReturnType<typeof useMeeting>, 'meeting' | 'step'>) {
  const drafts = ref<Draft[]>([])
  const items = computed(() => meeting.value?.items ?? [])
  const isDirty = (list: Item[]) => drafts.value.length !== list.length || drafts.value.some((draft, at) => !same(draft, list[at] as Item))
  const dirty = computed(() => isDirty(items.value))

  watch(
    items,
    (fresh, before) => {
      // What is being written stays; what was untouched follows.
      if (before && before.length && isDirty(before) && isDirty(fresh)) return
      drafts.value = fresh.map(draftOf)
    },
    { immediate: true },
  )
  function add(title = '') {
    drafts.value.push({ key: `new ${(made += 1)}`, id: null, activity: null, title, notes: '' })
  }
  function remove(key: string) {
    drafts.value = drafts.value.filter(draft => draft.key !== key)
  }
  function move(key: string, by: 1 | -1) {
    const at = drafts.value.findIndex(draft => draft.key === key)
    const [one] = drafts.value.splice(at, 1)
    if (one) drafts.value.splice(at + by, 0, one)
  }
  /** Saves the whole agenda, unless nothing has changed. */
  async function save() {
    if (!dirty.value) return
    const items = drafts.value.map(({ id, activity, title, notes }) => ({ id, activity, title, notes }))
    await step({ step: 'agenda', items })
    drafts.value = (meeting.value?.items ?? []).map(draftOf)
  }

  const warn = (event: BeforeUnloadEvent) => {
    if (dirty.value) event.preventDefault()
  }
  window.addEventListener('beforeunload', warn)
  const stopAsking = useRouter().beforeEach((to, from) => to.path === from.path || !dirty.value || window.confirm('议题或发言要点还没有保存，离开后会丢失。仍要离开吗？'))
  onScopeDispose(() => {
    window.removeEventListener('beforeunload', warn)
    stopAsking()
  })
  return { drafts, dirty, add, remove, move, save }
}
export type Agenda = ReturnType<typeof useAgenda>
