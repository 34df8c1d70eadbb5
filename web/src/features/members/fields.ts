// The fields of a dossier in the groups in which they are shown and edited, under the roster's own headings.
import type { Schemas } from '@/api/types'
import { longDate } from '@/shared/format'
import { differencesOf } from '@/shared/useStale'

export type Dossier = Schemas['Dossier']
export type FieldInfo = Schemas['FieldInfo']
export type Values = Record<string, string>

const GROUPS: { name: string; fields: string[] }[] = [
  { name: '基本信息', fields: ['name', 'identity_number', 'gender', 'ethnicity', 'born', 'native_place', 'phone', 'household_place', 'residence_place'] },
  { name: '党员信息', fields: ['stage', 'applied_on', 'joined_on', 'full_on', 'party_post', 'mobile'] },
  { name: '学历和工作', fields: ['education', 'degree', 'worked_on', 'admin_post', 'title', 'employment', 'frontline', 'occupation'] },
]
/** Settled elsewhere: the organisation by a transfer, membership by leaving, the rest only in spreadsheets. */
const ELSEWHERE = new Set(['seq', 'reference', 'org', 'org_code', 'membership'])
const DATES = new Set(['born', 'worked_on', 'applied_on', 'joined_on', 'full_on'])
/** Which of a dossier's parts holds a private field's masked form. */
const MASKED: Record<string, 'identity_masked' | 'phone_masked' | 'household_masked' | 'residence_masked'> = {
  identity_number: 'identity_masked',
  phone: 'phone_masked',
  household_place: 'household_masked',
  residence_place: 'residence_masked',
}
export const MEMBER_STAGES = ['预备党员', '正式党员']

export function isDate(field: string) {
  return DATES.has(field)
}

/** The fields to be filled in, by group; what the server knows and this list does not stands under 其他. */
export function formGroups(fields: FieldInfo[]): { name: string; fields: FieldInfo[] }[] {
  const byName = new Map(fields.filter(({ field }) => !ELSEWHERE.has(field)).map(one => [one.field, one]))
  const groups = GROUPS.map(({ name, fields: wanted }) => ({
    name,
    fields: wanted.flatMap(field => {
      const info = byName.get(field)
      byName.delete(field)
      return info ? [info] : []
    }),
  }))
  return [...groups, { name: '其他', fields: [...byName.values()] }].filter(group => group.fields.length > 0)
}

/** What a dossier shows of a private field. */
export function maskedValue(dossier: Dossier, field: string) {
  const key = MASKED[field]
  return key ? (dossier[key] ?? '') : ''
}

/** What stands in a form before anything is typed; private fields are never put into it. */
export function valuesOf(dossier: Dossier, fields: FieldInfo[]): Values {
  const held = dossier as unknown as Record<string, unknown>
  const values: Values = {}
  for (const { field } of fields) {
    const value = field === 'stage' ? dossier.stage_name : held[field]
    values[field] = typeof value === 'boolean' ? (value ? '是' : '否') : typeof value === 'string' && !MASKED[field] ? value : ''
  }
  return values
}

/** The fields whose value was changed; untouched ones are not sent, so that masked and month-precise values stay as they are. */
export function changedFields(from: Values, to: Values): Values {
  return Object.fromEntries(Object.entries(to).map(([key, value]) => [key, value.trim()] as const).filter(([key, value]) => value !== (from[key] ?? '')))
}

export interface Fact {
  field: string
  label: string
  value: string
  masked: boolean
}
const LABELS: Record<string, string> = {
  name: '姓名', gender: '性别', ethnicity: '民族', born: '出生年月', native_place: '籍贯', identity_number: '公民身份号码', phone: '联系电话',
  household_place: '户籍所在地', residence_place: '现居住地', stage: '人员类别', applied_on: '申请入党时间', joined_on: '入党时间', full_on: '转正时间',
  party_post: '党内职务', mobile: '流动党员', education: '学历', degree: '学位', worked_on: '参加工作时间', admin_post: '行政职务', title: '专业技术职务',
  employment: '用工身份', frontline: '一线情况', occupation: '职业',
}

/** Everything a dossier holds, by group, as it is read. */
export function factGroups(dossier: Dossier): { name: string; facts: Fact[] }[] {
  const known = Object.keys(LABELS).map(field => ({ field, label: LABELS[field] ?? field, required: false, private: field in MASKED, proposable: false, choices: [] }))
  const values = valuesOf(dossier, known)
  return GROUPS.map(({ name, fields }) => {
    const facts = fields.map(field => {
      const value = values[field] ?? ''
      return { field, label: LABELS[field] ?? field, value: field in MASKED ? maskedValue(dossier, field) : isDate(field) ? longDate(value) : value, masked: field in MASKED }
    })
    if (name === '党员信息') {
      facts.unshift({ field: 'org', label: '所在党支部', value: dossier.org_name, masked: false })
      facts.push({ field: 'membership', label: '党籍状态', value: dossier.membership_name, masked: false })
    }
    if (name === '学历和工作' && dossier.title_level) facts.splice(5, 0, { field: 'title_level', label: '职称级别', value: dossier.title_level, masked: false })
    return { name, facts }
  })
}

/** What somebody else changed between two states of a dossier. */
export function dossierDifferences(old: Dossier, now: Dossier) {
  const flat = (dossier: Dossier) => factGroups(dossier).flatMap(({ facts }) => facts)
  return differencesOf(flat(old), flat(now))
}
