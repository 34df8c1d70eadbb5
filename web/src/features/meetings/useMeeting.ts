// One meeting and what is done about it. Every step is based on the version last seen; when somebody else was faster, the present state is
// read and the refusal says so, and what was typed stays.
import { provide, inject, ref, type InjectionKey, type Ref } from 'vue'
import { api, ok, ProblemError } from '@/api/client'
import type { Schemas } from '@/api/types'
import { useLoad } from '@/shared/useLoad'
import type { Meeting } from './meeting'

type Body = Schemas['MeetingStep']
/** A step without its version, which is added here. */
type WithoutVersion<T> = T extends unknown ? Omit<T, 'version'> : never
export type StepOf = WithoutVersion<Body>

export function useMeeting(id: () => string) {
  const { data, error, loading, reload } = useLoad(() => ok(api.GET('/api/meetings/{id}', { params: { path: { id: id() } } })), id)
  /** Somebody else changed it while something was being written here. */
  const overtaken = ref(false)

  async function based<T>(act: (version: number) => Promise<T>) {
    try {
      const done = await act(data.value?.version ?? 0)
      overtaken.value = false
      return done
    } catch (thrown) {
      if (thrown instanceof ProblemError && thrown.code === 'stale') {
        await reload()
        overtaken.value = true
        throw new ProblemError({ ...thrown.problem, type: '', title: '', detail: '这期间有人修改过这次会议，页面已更新。您填写的还在，请核对后再提交一次。' })
      }
      throw thrown
    }
  }
  async function step(body: StepOf) {
    await based(async version => {
      data.value = await ok(api.POST('/api/meetings/{id}/steps', { params: { path: { id: id() } }, body: { ...body, version } as Body }))
    })
  }
  async function edit(plan: Omit<Schemas['PlanEdit'], 'version'>) {
    await based(async version => {
      data.value = await ok(api.PUT('/api/meetings/{id}/plan', { params: { path: { id: id() } }, body: { ...plan, version } }))
    })
  }
  async function roll(body: Schemas['RollCall']) {
    data.value = await ok(api.POST('/api/meetings/{id}/roll', { params: { path: { id: id() } }, body }))
  }
  return { meeting: data as Ref<Meeting | null>, error, loading, reload, overtaken, step, edit, roll }
}

export type MeetingDesk = Omit<ReturnType<typeof useMeeting>, 'meeting'> & { meeting: Ref<Meeting> }
const KEY: InjectionKey<MeetingDesk> = Symbol('meeting')

/** For the parts of the page, which are shown once the meeting is there. */
export function provideMeeting(desk: ReturnType<typeof useMeeting>) {
  provide(KEY, desk as MeetingDesk)
}
export function theMeeting(): MeetingDesk {
  const desk = inject(KEY)
  if (!desk) throw new Error('no meeting around this part')
  return desk
}
