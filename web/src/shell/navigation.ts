// The entries of the navigation, and which of them an account's roles open.
import { Calendar, DataAnalysis, Document, Flag, HomeFilled, Key, List, Monitor, OfficeBuilding, Upload, User } from '@element-plus/icons-vue'
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
  { to: '/life', name: '组织生活', icon: Calendar, roles: READERS },
  { to: '/development', name: '发展党员', icon: Flag, roles: READERS, deskOnly: true },
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

/** The pages of a section, side by side under its heading. */
export const TABS = {
  life: [
    { to: '/life', name: '应办' },
    { to: '/meetings', name: '会议' },
    { to: '/elections', name: '换届选举' },
    { to: '/dues', name: '党费' },
    { to: '/workbook', name: '工作手册' },
    { to: '/templates', name: '模板' },
    { to: '/life/rules', name: '规则与期限' },
  ],
} as const
