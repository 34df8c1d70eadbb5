// Kinds of organisation and posts: their names, and what may stand where (ORG-06, ORG-10). The server decides; this spares useless choices.
import type { Schemas } from '@/api/types'

export type OrgKind = Schemas['OrgKind']
export type PostKind = Schemas['PostKind']

export const KINDS: { kind: OrgKind; name: string; termYears: number | null }[] = [
  { kind: 'committee', name: '党委', termYears: 5 },
  { kind: 'general_branch', name: '党总支', termYears: 3 },
  { kind: 'branch', name: '党支部', termYears: 3 },
  { kind: 'joint_branch', name: '联合党支部', termYears: 3 },
  { kind: 'temporary_branch', name: '临时党支部', termYears: 3 },
  { kind: 'group', name: '党小组', termYears: null },
]
const POSTS: { post: PostKind; name: string }[] = [
  { post: 'secretary', name: '书记' },
  { post: 'deputy_secretary', name: '副书记' },
  { post: 'organisation_officer', name: '组织委员' },
  { post: 'publicity_officer', name: '宣传委员' },
  { post: 'discipline_officer', name: '纪检委员' },
  { post: 'committee_member', name: '委员' },
  { post: 'group_leader', name: '党小组组长' },
  { post: 'organiser', name: '组织员' },
]

export function kindName(kind: OrgKind) {
  return KINDS.find(one => one.kind === kind)?.name ?? ''
}
export function isBranch(kind: OrgKind) {
  return kind === 'branch' || kind === 'joint_branch' || kind === 'temporary_branch'
}
/** Whether persons belong to it directly. */
export function holdsMembers(kind: OrgKind) {
  return isBranch(kind) || kind === 'group'
}
/** Whether a `child` may stand directly below a `parent` (ORG-10). */
export function mayContain(parent: OrgKind, child: OrgKind) {
  if (parent === 'committee') return child !== 'group'
  if (parent === 'general_branch') return isBranch(child)
  return isBranch(parent) && child === 'group'
}
export function postsIn(kind: OrgKind) {
  return POSTS.filter(({ post }) => (post === 'group_leader') === (kind === 'group'))
}
