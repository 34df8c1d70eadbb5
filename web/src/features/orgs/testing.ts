// Synthetic organisations for the tests of this feature.
import type { Schemas } from '@/api/types'

type Row = Schemas['OrgRow']
export function row(id: string, parent: string | null, part: Partial<Row> = {}): Row {
  return {
    id, parent_id: parent, depth: 0, code: `D${id}`, name: `组织${id}`, kind: 'branch', kind_name: '党支部', full_members: 10, probationary_members: 1, warnings: 0, has_children: false,
    ...part,
  }
}
export const TREE: Row[] = [
  row('1', null, { name: '示例集团党委', kind: 'committee', kind_name: '党委', has_children: true }),
  row('2', '1', { name: '机务党总支', kind: 'general_branch', kind_name: '党总支', has_children: true }),
  row('3', '2', { name: '机务第一党支部', has_children: true, warnings: 2 }),
  row('4', '3', { name: '机务第一党小组', kind: 'group', kind_name: '党小组' }),
  row('5', '1', { name: '飞行党支部' }),
]

export function detail(part: Partial<Schemas['OrgDetail']> = {}): Schemas['OrgDetail'] {
  return {
    id: '3', parent_id: '2', code: 'D3', name: '机务第一党支部', kind: 'branch', kind_name: '党支部', version: 4, unit_name: '示例机务公司', uscc: null, founded_on: '2012-07-01',
    term_years: 3, term_from: '2023-05-20', next_election: '2026-05-20', status: 'active', dissolved_on: null,
    path: [{ id: '1', name: '示例集团党委' }, { id: '2', name: '机务党总支' }, { id: '3', name: '机务第一党支部' }],
    posts: [{ id: '8', post: 'secretary', post_name: '书记', person_id: '7', person_name: '周明', from: '2023-05-20', to: null }],
    warnings: [], members: { full: 0, probationary: 0, subtree_full: 0, subtree_probationary: 0 }, history: [],
    ...part,
  }
}
