// The verdicts of an import, grouped and filtered. Pure; 100,000 rows are walked once.
import type { Schemas } from '@/api/types'

export type RowReport = Schemas['RowReport']
export type Report = Schemas['ImportReport']

const NAMES: Record<string, string> = {
  missing_required: '必填项没有填写',
  bad_name: '姓名写法不符',
  bad_date: '日期有误',
  unknown_code: '填写的内容不在选项中',
  unknown_org: '找不到党组织',
  id_checksum: '身份证号校验不符',
  id_precision_lost: '身份证号末几位丢失',
  gender_mismatch: '性别与身份证号不符',
  birth_mismatch: '出生日期与身份证号不符',
  joined_under_18: '入党时不满 18 周岁',
  full_before_one_year: '转正早于入党满一年',
  duplicate_id: '身份证号重复',
  bad_phone: '联系电话有误',
  bad_file: '文件读不出来',
}
export const RULES: Record<string, string> = {
  bad_name: 'REG-08',
  unknown_code: 'REG-06',
  id_checksum: 'REG-01',
  id_precision_lost: 'REG-02',
  gender_mismatch: 'REG-01',
  birth_mismatch: 'REG-01',
  joined_under_18: 'REG-03',
  full_before_one_year: 'REG-04',
}

export type Severity = 'error' | 'warning'

/** What is required is an error; what is merely empty, a warning. */
export const findingName = (code: string, severity: Severity) => (severity === 'warning' && code === 'missing_required' ? '有项目没有填写' : (NAMES[code] ?? '其他问题'))

export interface Group {
  severity: Severity
  code: string
  name: string
  rule?: string
  /** Rows in which it occurs, each counted once. */
  rows: number
}

const listOf = (row: RowReport, severity: Severity) => (severity === 'error' ? row.errors : row.warnings)

/** Kinds of findings with the number of their rows, errors first, the most frequent first. */
export function groupsOf(rows: readonly RowReport[]): Group[] {
  const groups = new Map<string, Group>()
  for (const row of rows) {
    for (const severity of ['error', 'warning'] as const) {
      for (const code of new Set(listOf(row, severity).map(one => one.code))) {
        const key = `${severity} ${code}`
        const group = groups.get(key) ?? { severity, code, name: findingName(code, severity), rule: RULES[code], rows: 0 }
        group.rows += 1
        groups.set(key, group)
      }
    }
  }
  return [...groups.values()].sort((one, other) => (one.severity === other.severity ? other.rows - one.rows : one.severity === 'error' ? -1 : 1))
}

/** Which rows are shown: all, by verdict, or those with one kind of finding. */
export type Wanted = { verdict: 'all' | 'rejected' | 'warned' | 'accepted' } | { severity: Severity; code: string }

export function matches(row: RowReport, wanted: Wanted): boolean {
  if ('code' in wanted) return listOf(row, wanted.severity).some(({ code }) => code === wanted.code)
  switch (wanted.verdict) {
    case 'all':
      return true
    case 'rejected':
      return !row.accepted
    case 'warned':
      return row.warnings.length > 0
    case 'accepted':
      return row.accepted
  }
}

/** What to look at first: the rejected rows where there are any, then those with a warning. */
export function firstWanted(rows: readonly RowReport[]): Wanted {
  if (rows.some(row => !row.accepted)) return { verdict: 'rejected' }
  return { verdict: rows.some(row => row.warnings.length) ? 'warned' : 'all' }
}
