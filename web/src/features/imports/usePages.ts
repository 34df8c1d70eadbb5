// A long list in pages, so that a report of 100,000 rows stays quick.
import { computed, ref, watch, type Ref } from 'vue'

export function usePages<T>(all: Ref<readonly T[]>, size: number) {
  const page = ref(1)
  const pages = computed(() => Math.max(1, Math.ceil(all.value.length / size)))
  const from = computed(() => (page.value - 1) * size)
  const shown = computed(() => all.value.slice(from.value, from.value + size))
  watch(all, () => (page.value = 1))

  function turnTo(wanted: number) {
    page.value = Math.min(pages.value, Math.max(1, Math.trunc(wanted) || 1))
  }
  return { page, pages, from, shown, turnTo }
}
