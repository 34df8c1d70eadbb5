// The roles' names, and the groups of them that open the same pages.
import type { Role } from '@/api/types'

export const ROLE_NAMES: Record<Role, string> = {
  party_staff: '党务工作者',
  secretary: '书记',
  supervisor: '上级督导',
  member: '党员本人',
  system_admin: '系统管理员',
  security_admin: '安全管理员',
  auditor: '审计员',
}

/** See the register. */
export const READERS = ['party_staff', 'secretary', 'supervisor'] as const
/** Keep the register. */
export const KEEPERS = ['party_staff', 'secretary'] as const
export const STAFF = ['party_staff'] as const
export const SYSTEM_DUTIES = ['system_admin', 'security_admin', 'auditor'] as const
