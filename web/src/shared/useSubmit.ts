// One submission at a time, with its refusal: the form keeps what was typed, each field finds its own message.
import { computed, ref, shallowRef } from 'vue'
import { asProblem, fieldErrors, type ProblemError } from '@/api/client'

export function useSubmit() {
  const busy = ref(false)
  const problem = shallowRef<ProblemError | null>(null)
  const errors = computed(() => fieldErrors(problem.value))

  /** Runs the action unless one is under way; true when it went through. */
  async function submit(action: () => Promise<unknown>) {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await action()
      return true
    } catch (thrown) {
      problem.value = asProblem(thrown)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, errors, submit }
}
