// What the system holds about a member, in the groups in which it is shown, under the roster's own headings.
import type { Schemas } from '@/api/types'
import { longDate } from '@/shared/format'

export type OwnDossier = Schemas['OwnDossier']

export interface Fact {
  label: string
  value: string
  /** Masked until it is asked for: others may look over the shoulder. */
  secret?: boolean
}

/** The groups of facts of a dossier; an empty value means that nothing is registered. */
export function factsOf(own: OwnDossier): { name: string; facts: Fact[] }[] {
  return [
    {
      name: '基本信息',
      facts: [
        { label: '姓名', value: own.name },
        { label: '性别', value: own.gender },
        { label: '民族', value: own.ethnicity ?? '' },
        { label: '出生日期', value: longDate(own.born) },
        { label: '籍贯', value: own.native_place ?? '' },
        { label: '公民身份号码', value: own.identity_number ?? '', secret: true },
        { label: '联系电话', value: own.phone ?? '', secret: true },
        { label: '户籍所在地', value: own.household_place ?? '', secret: true },
        { label: '现居住地', value: own.residence_place ?? '', secret: true },
      ],
    },
    {
      name: '党员信息',
      facts: [
        { label: '所在党支部', value: own.org_name },
        { label: '人员类别', value: own.stage_name },
        { label: '党内职务', value: own.party_post ?? '' },
        { label: '申请入党时间', value: longDate(own.applied_on) },
        { label: '入党时间', value: longDate(own.joined_on) },
        { label: '转正时间', value: longDate(own.full_on) },
        { label: '党籍状态', value: own.membership_name },
        { label: '流动党员', value: own.mobile ? '是' : '否' },
      ],
    },
    {
      name: '学历和工作',
      facts: [
        { label: '学历', value: own.education ?? '' },
        { label: '学位', value: own.degree ?? '' },
        { label: '参加工作时间', value: longDate(own.worked_on) },
        { label: '行政职务', value: own.admin_post ?? '' },
        { label: '专业技术职务', value: own.title ?? '' },
        { label: '职称级别', value: own.title_level ?? '' },
        { label: '用工身份', value: own.employment ?? '' },
        { label: '一线情况', value: own.frontline ?? '' },
        { label: '职业', value: own.occupation ?? '' },
      ],
    },
  ]
}

/** Identity numbers keep six and four, phone numbers three and four, everything else its first three. */
export function mask(text: string) {
  const [head, tail] = text.length >= 15 && /^\d+[\dX]$/.test(text) ? [6, 4] : /^\d{7,}$/.test(text) ? [3, 4] : [3, 0]
  if (text.length <= head + tail) return '*'.repeat(text.length)
  return text.slice(0, head) + '*'.repeat(Math.min(8, text.length - head - tail)) + (tail ? text.slice(-tail) : '')
}

/** Settled by procedures of their own, not by correcting a field. */
const BY_PROCEDURE = new Set(['seq', 'reference', 'org', 'org_code', 'stage', 'membership', 'party_post'])
const DATES = new Set(['born', 'worked_on', 'applied_on', 'joined_on', 'full_on'])

export function mayPropose(field: string) {
  return !BY_PROCEDURE.has(field)
}
export function isDate(field: string) {
  return DATES.has(field)
}

/** A field's present value, as the roster writes it. */
export function currentValue(own: OwnDossier, field: string): string {
  const value = (own as unknown as Record<string, unknown>)[field]
  if (typeof value === 'boolean') return value ? '是' : '否'
  return typeof value === 'string' ? value : ''
}
