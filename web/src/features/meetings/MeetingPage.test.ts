import { beforeEach, describe, expect, it, vi } from 'vitest'
import { putSession } from '@/session/session'
import { button, fill, open, press, readable, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import MeetingPage from './MeetingPage.vue'
import { meetingOf } from './testing'
import type { Meeting } from './meeting'

const LIST = { items: [] }
const GUIDE = { activity: 'members_meeting', name: '支部党员大会', what: '开会', who: '书记', when: '每季度', papers: [], mistakes: [], steps: [], rule: 'MEET-01' }
function page(meeting: Meeting, replies: Record<string, unknown> = {}) {
  return serve({
    'GET /api/meetings/5': meeting,
    'GET /api/meetings/5/papers': LIST,
    'GET /api/meetings/5/room': { ...meeting.heard, version: 3, state: meeting.state, items: [], votes: [], quorum: meeting.quorum },
    'GET /api/guide/members_meeting': GUIDE,
    'GET /api/grounds': { items: [] },
    ...replies,
  })
}
const show = () => open(MeetingPage, { props: { id: '5' } })

describe('MeetingPage', () => {
  beforeEach(() => putSession(sessionOf('secretary')))

  it('says before the notice what is still missing and greys the button', async () => {
    page(meetingOf({ state: 'planned', state_name: '已计划', held: null, noticed_on: null, attendees: [], items: [], plan: { ...meetingOf().plan, place: '' } }))
    await show()
    expect(readable()).toContain('通知前还缺：地点、议题')
    expect(button('发出通知').disabled).toBe(true)
  })

  it('saves the notes with the step, on the version it gave', async () => {
    const written = meetingOf({ version: 4, items: [{ id: '11', activity: null, title: '讨论工作报告', notes: '要点' }] })
    const asked = page(meetingOf(), { 'POST /api/meetings/5/steps': ({ body }: { body: unknown }) => ((body as { step: string }).step === 'agenda' ? written : { ...written, version: 5, state: 'closed', state_name: '整理记录' }) })
    await show()
    await fill('议题 1 的发言要点', '要点')
    await press('散会')
    const steps = asked.filter(({ method }) => method === 'POST').map(({ body }) => body as { step: string; version: number })
    expect(steps.map(({ step, version }) => [step, version])).toEqual([['agenda', 3], ['close', 4]])
  })

  it('keeps what was typed when somebody else was faster, and says so', async () => {
    page(meetingOf(), { 'POST /api/meetings/5/steps': problem(409, 'stale', '已被他人修改') })
    await show()
    await fill('议题 1 的发言要点', '写了很久的要点')
    await press('保存记录')
    expect(readable()).toContain('您填写的还在')
    expect((document.querySelector('textarea') as HTMLTextAreaElement).value).toBe('写了很久的要点')
  })

  it('greys a vote that the rules refuse and says why', async () => {
    page(meetingOf(), { 'GET /api/meetings/5/vote': { refused: [{ rule: 'VOTE-04', code: 'too_many_votes', field: '/in_favour', message: '多于能投票的 1 人（VOTE-04）。' }], result: null, arithmetic: '' } })
    await show()
    await press('登记决议')
    await fill('决议内容', '同意报告')
    await fill('赞成（票）', '2')
    await vi.waitFor(() => expect(readable()).toContain('多于能投票的 1 人'))
    expect(button('保存决议').disabled).toBe(true)
  })

  it('resolves on a case of the branch that stands before the vote', async () => {
    const kinds = [{ kind: 'admission', name: '接收预备党员', refused: null }]
    const row = (id: string, step: number, name: string) => ({ id, step, step_name: '支部大会讨论', person_name: name })
    const asked = page(meetingOf({ vote_kinds: kinds }), {
      'GET /api/development': { items: [row('77', 15, '慕容雪'), row('78', 14, '诸葛云')], next: null },
      'GET /api/meetings/5/vote': { refused: [], result: 'passed', arithmetic: '' },
      'POST /api/meetings/5/steps': meetingOf({ version: 4 }),
    })
    await show()
    await press('登记决议')
    const options = [...document.querySelectorAll<HTMLElement>('[role="option"]')]
    expect(options.some(one => one.textContent?.includes('诸葛云'))).toBe(false)
    options.find(one => one.textContent?.includes('慕容雪'))?.click()
    await settle()
    await fill('决议内容', '同意接收')
    await fill('赞成（票）', '1')
    await vi.waitFor(() => expect(button('保存决议').disabled).toBe(false))
    await press('保存决议')
    const sent = asked.find(({ method, path }) => method === 'POST' && path.endsWith('/steps'))?.body as { resolution: Record<string, unknown> }
    expect(sent.resolution).toMatchObject({ subject_kind: 'case', subject_id: '77' })
  })

  it('calls the roll of several at once, with a reason', async () => {
    const asked = page(meetingOf(), { 'POST /api/meetings/5/roll': meetingOf() })
    await show()
    await press('全选未登记的 2 人')
    await press('登记到会')
    expect(readable()).toContain('请写明原因')
    await fill('原因', '未带手机')
    await press('登记到会')
    const sent = asked.find(({ path }) => path.endsWith('/roll'))?.body as { entries: { person_id: string; come: string }[]; reason: string }
    expect([sent.entries.map(({ person_id }) => person_id), sent.entries[0]?.come, sent.reason]).toEqual([['8', '9'], 'present', '未带手机'])
  })

  it('lists what the record lacks, and does not ask for what is being written', async () => {
    const missing = [
      { rule: 'MEET-09', code: 'missing_required', field: '/items/11/notes', message: '第 1 项议题没有写发言要点（MEET-09）。' },
      { rule: 'MEET-09', code: 'missing_required', field: '/attendees', message: '还有 2 人没有登记（MEET-09）。' },
    ]
    page(meetingOf({ state: 'closed', state_name: '整理记录', missing }))
    await show()
    expect(readable()).toContain('归档前还缺 2 处')
    expect(button('确认记录').disabled).toBe(true)
    await fill('议题 1 的发言要点', '要点')
    expect(readable()).toContain('归档前还缺 1 处')
  })

  it('asks why somebody else confirms for the chair', async () => {
    const closed = meetingOf({ state: 'closed', state_name: '整理记录', is_host: false })
    const asked = page(closed, { 'POST /api/meetings/5/steps': { ...closed, state: 'confirmed', state_name: '已确认' } })
    await show()
    expect(button('确认记录').disabled).toBe(true)
    await fill('代为确认的原因', '主持人没有账号，已当面核对')
    await press('确认记录')
    expect(asked.find(({ method }) => method === 'POST')?.body).toMatchObject({ step: 'confirm', reason: '主持人没有账号，已当面核对' })
  })

  it('is read by a superior without a button to change it', async () => {
    putSession(sessionOf('supervisor'))
    page(meetingOf({ state: 'archived', state_name: '已归档', may_act: false, confirmed: { on: '2026-03-06', by_host: true, reason: '' } }))
    await show()
    await settle()
    expect(readable()).toContain('会议已归档')
    for (const word of ['归档', '退回修改', '修改安排', '登记决议', '保存记录']) expect(() => button(word)).toThrow()
  })
})
