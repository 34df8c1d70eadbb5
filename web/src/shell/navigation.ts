// The entries of the navigation, and which of them an account's roles open.
import { DataAnalysis, Document, HomeFilled, Key, List, Monitor, OfficeBuilding, Upload, User } from '@element-plus/icons-vue'
import type { Component } from 'vue'
import type { Role } from '@/api/types'
import { READERS, STAFF } from '@/session/roles'

export interface Entry {
  to: string
  name: string
  icon: Component
  roles?: readonly Role[]
  /** Under the heading 系统, apart from the register. */
  system?: boolean
  /** Left out of the phone's bottom bar: work for the desk. */
  deskOnly?: boolean
}

export const ENTRIES: readonly Entry[] = [
  { to: '/', name: '待办', icon: List },
  { to: '/orgs', name: '组织', icon: OfficeBuilding, roles: READERS },
  { to: '/members', name: '党员', icon: User, roles: READERS },
  { to: '/imports', name: '导入', icon: Upload, roles: STAFF, deskOnly: true },
  { to: '/stats', name: '统计', icon: DataAnalysis, roles: READERS },
  { to: '/me', name: '我的', icon: HomeFilled, roles: ['member'] },
  { to: '/system/status', name: '系统状态', icon: Monitor, roles: ['system_admin'], system: true },
  { to: '/system/accounts', name: '账号', icon: Key, roles: ['security_admin'], system: true },
  { to: '/system/ledger', name: '留痕', icon: Document, roles: ['auditor'], system: true },
]

export function entriesFor(can: (...roles: readonly Role[]) => boolean) {
  return ENTRIES.filter(({ roles }) => !roles || can(...roles))
}
