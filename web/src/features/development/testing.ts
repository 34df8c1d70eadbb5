// A case and some steps for tests.
import type { Case, CaseStep, Stage, Step } from './case'

export function step(part: Partial<Step> & { n: number }): Step {
  return {
    key: `step_${part.n}`,
    rule: `DEV-${String(part.n).padStart(2, '0')}`,
    name: `步骤${part.n}`,
    stage: 1,
    actor: 'branch',
    actor_name: '党支部',
    guide: { what: '派人谈话。', who: '书记。', when: '一个月内。', steps: [], papers: ['谈话记录'], mistakes: ['拖过一个月。'] },
    on_label: '办理日期',
    fields: [],
    papers: [],
    ...part,
  }
}

export const STAGES: Stage[] = [
  {
    n: 1,
    name: '申请入党',
    steps: [
      step({ n: 1, name: '递交入党申请书', actor: 'applicant', actor_name: '申请人' }),
      step({
        n: 2,
        name: '党组织派人谈话',
        fields: [{ key: 'talker', label: '谈话人', kind: 'text', required: true, hint: null, choices: [], least: null, most: null, only_if: null }],
        papers: [{ key: 'talk_record', name: '谈话记录', required: true, note: null, template: 'talk_record', only_if: null }],
      }),
      step({ n: 3, name: '推荐和确定入党积极分子', actor: 'superior', actor_name: '上级党委' }),
    ],
  },
]

const state = (n: number, part: Partial<CaseStep> = {}): CaseStep => ({ n, state: 'later', due: null, overdue_days: null, taken: [], ...part })

export function fileOf(part: Partial<Case> = {}): Case {
  return {
    id: '9', version: 3, person_id: '7', person_name: '慕容雪', person_stage_name: '入党申请人', org_id: '5', org_name: '飞行党支部', state: 'open', stage: 1, step: 2, step_name: '党组织派人谈话',
    waits_for: 'branch', mine: true, last_on: '2026-02-20', due: '2026-03-20', overdue_days: null, opened_at: 0, probation: null, end: null,
    steps: [
      state(1, { state: 'done', taken: [{ on: '2026-02-20', facts: [{ label: '申请书份数', value: '1' }], done_by: '赵磊', done_at: 0, outcome_name: null, warnings: [], reason: null, meeting_id: null, by_hand: false, papers: [] }] }),
      state(2, { state: 'now', due: '2026-03-20' }),
      state(3),
    ],
    now: {
      n: 2, may: true, why_not: null, from: '2026-02-20', to: '2026-03-05', refusals: [], values: {}, names: {}, orgs: [], votes: [],
      papers: [{ key: 'talk_record', name: '谈话记录', required: true, note: null, template: 'talk_record', only_if: null, files: [] }],
    },
    again: [],
    actions: { back: 1, end: true, suspend: true, resume: false, transfer: true, papers: true },
    ...part,
  }
}
export const withPaper = (file: Case): Case => ({
  ...file,
  now: { ...file.now!, papers: file.now!.papers.map(paper => ({ ...paper, files: [{ id: '1', name: '谈话.pdf', size: 9, media_type: 'application/pdf', uploaded_at: 0, uploaded_by: '赵磊' }] })) },
})
