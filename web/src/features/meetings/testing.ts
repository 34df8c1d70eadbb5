// A synthetic meeting for this feature's tests.
import type { Meeting } from './meeting'

export function meetingOf(part: Partial<Meeting> = {}): Meeting {
  return {
    id: '5',
    version: 3,
    org_id: '33',
    org_name: '第三党支部',
    state: 'open',
    state_name: '进行中',
    plan: {
      activities: [{ key: 'members_meeting', name: '支部党员大会', rule: 'MEET-01' }],
      title: '第一季度支部党员大会',
      place: '三楼会议室',
      on: '2026-03-05',
      at: '14:30',
      host: { person_id: '7', name: '周明' },
      recorder: { person_id: '8', name: '欧阳明远' },
      remote: true,
      invited: [],
      guests: '',
      learning_tenths: 20,
    },
    circle: 'members',
    circle_name: '全体党员',
    noticed_on: '2026-03-01',
    held: { on: '2026-03-05', from: '14:30', to: null },
    late: '',
    remark: '',
    attendees: [
      { person_id: '7', name: '周明', stage_name: '正式党员', part: 'expected', votes: true, attendance: 'present', how: 'code', reason: null, at: 1 },
      { person_id: '8', name: '欧阳明远', stage_name: '正式党员', part: 'expected', votes: true, attendance: 'awaited', how: null, reason: null, at: null },
      { person_id: '9', name: '司马南', stage_name: '预备党员', part: 'expected', votes: false, attendance: 'awaited', how: null, reason: null, at: null },
    ],
    items: [{ id: '11', activity: null, title: '讨论工作报告', notes: '' }],
    resolutions: [],
    no_resolution: false,
    confirmed: null,
    heard: { expected: 3, present: 1, absent: 0, excused: 0, awaited: 2, guests: 0, voters: 2, voters_present: 1 },
    quorum: { rule: 'MEET-01', counted: '有表决权的党员', expected: 2, present: 1, needed: 1, met: true, needed_for_membership: 2 },
    vote_kinds: [
      { kind: 'admission', name: '接收预备党员', refused: { rule: 'VOTE-01', code: 'no_quorum', field: '/present_voters', message: '没有超过半数，不能表决（VOTE-01）。' } },
      { kind: 'ordinary', name: '一般决议', refused: null },
    ],
    missing: [],
    may_act: true,
    is_host: true,
    ...part,
  }
}
