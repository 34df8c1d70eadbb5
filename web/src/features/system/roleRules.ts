// 三员分立: why a role cannot be granted beside those an account holds. The server decides by the same rule; here the choice is greyed with its reason.
import type { Role } from '@/api/types'
import { ROLE_NAMES, SYSTEM_DUTIES } from '@/session/roles'

const isDuty = (role: Role) => SYSTEM_DUTIES.some(duty => duty === role)

/** The reason, or '' when it may be granted. */
export function grantFault(held: readonly Role[], wanted: Role) {
  for (const other of held) {
    if (other === wanted) continue
    if (isDuty(other) && isDuty(wanted)) return `三员分立：不能同时担任${ROLE_NAMES[other]}`
    if (isDuty(other) || isDuty(wanted)) {
      const [duty, reader] = isDuty(other) ? [other, wanted] : [wanted, other]
      return `${ROLE_NAMES[duty]}不得查看党员数据，不能兼任${ROLE_NAMES[reader]}`
    }
  }
  return ''
}

/** What a role may do, in a line. */
export const ROLE_WORDS: Record<Role, string> = {
  party_staff: '管理所辖组织和党员，办理转接、导入',
  secretary: '管理本组织的党员，办理转接',
  supervisor: '查看所辖组织和党员，不能修改',
  member: '查看本人的信息，申请更正',
  system_admin: '维护系统运行',
  security_admin: '管理账号和角色',
  auditor: '查看和核验留痕',
}
