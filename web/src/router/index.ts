// Every address of the client, who may open it, and the way to the sign-in page and back.
import { createRouter, createWebHistory, type RouteLocationNormalized, type Router } from 'vue-router'
import { whenSignedOut } from '@/api/client'
import { KEEPERS, READERS, STAFF } from '@/session/roles'
import { expired, forgetSession, loadSession, useSession } from '@/session/session'
import AppShell from '@/shell/AppShell.vue'

export const routes = [
  { path: '/login', component: () => import('@/features/session/LoginPage.vue'), meta: { title: '登录', open: true } },
  { path: '/setup', component: () => import('@/features/session/SetupPage.vue'), meta: { title: '首次设置', open: true } },
  { path: '/bind', component: () => import('@/features/session/BindPage.vue'), meta: { title: '身份认证', open: true } },
  { path: '/meetings/:id/room', component: () => import('@/features/meetings/RoomPage.vue'), props: true, meta: { title: '会议现场', roles: KEEPERS } },
  {
    path: '/',
    component: AppShell,
    children: [
      { path: '', component: () => import('@/features/workbench/WorkbenchPage.vue'), meta: { title: '待办', section: '/' } },
      { path: 'password', component: () => import('@/features/session/PasswordPage.vue'), meta: { title: '修改密码' } },
      { path: 'second-factor', component: () => import('@/features/session/SecondFactorPage.vue'), meta: { title: '动态口令' } },
      { path: 'orgs', component: () => import('@/features/orgs/OrgsPage.vue'), meta: { title: '组织', roles: READERS, section: '/orgs' } },
      { path: 'orgs/:id', component: () => import('@/features/orgs/OrgPage.vue'), props: true, meta: { title: '组织', roles: READERS, section: '/orgs' } },
      { path: 'members', component: () => import('@/features/members/MembersPage.vue'), meta: { title: '党员', roles: READERS, section: '/members' } },
      { path: 'members/new', component: () => import('@/features/members/MemberNewPage.vue'), meta: { title: '登记党员', roles: KEEPERS, section: '/members' } },
      { path: 'members/:id', component: () => import('@/features/members/MemberPage.vue'), props: true, meta: { title: '党员档案', roles: READERS, section: '/members' } },
      { path: 'changes', component: () => import('@/features/changes/ChangesPage.vue'), meta: { title: '信息更正', roles: KEEPERS, section: '/members' } },
      { path: 'transfers', component: () => import('@/features/transfers/TransfersPage.vue'), meta: { title: '组织关系转接', roles: READERS, section: '/members' } },
      { path: 'imports', component: () => import('@/features/imports/ImportsPage.vue'), meta: { title: '导入', roles: STAFF, section: '/imports' } },
      { path: 'imports/:id', component: () => import('@/features/imports/ImportPage.vue'), props: true, meta: { title: '导入结果', roles: STAFF, section: '/imports' } },
      { path: 'stats', component: () => import('@/features/stats/StatsPage.vue'), meta: { title: '统计', roles: READERS, section: '/stats' } },
      { path: 'life', component: () => import('@/features/duties/LifePage.vue'), meta: { title: '组织生活', roles: READERS, section: '/life', tabs: 'life' } },
      { path: 'life/rules', component: () => import('@/features/duties/RulesPage.vue'), meta: { title: '规则与期限', roles: READERS, section: '/life', tabs: 'life' } },
      { path: 'meetings', component: () => import('@/features/meetings/MeetingsPage.vue'), meta: { title: '会议', roles: READERS, section: '/life', tabs: 'life' } },
      { path: 'meetings/:id', component: () => import('@/features/meetings/MeetingPage.vue'), props: true, meta: { title: '会议', roles: READERS, section: '/life' } },
      { path: 'elections', component: () => import('@/features/elections/ElectionsPage.vue'), meta: { title: '换届选举', roles: READERS, section: '/life', tabs: 'life' } },
      { path: 'elections/:id', component: () => import('@/features/elections/ElectionPage.vue'), props: true, meta: { title: '换届选举', roles: READERS, section: '/life' } },
      { path: 'dues', component: () => import('@/features/dues/DuesPage.vue'), meta: { title: '党费', roles: READERS, section: '/life', tabs: 'life' } },
      { path: 'workbook', component: () => import('@/features/workbooks/WorkbookPage.vue'), meta: { title: '支部工作手册', roles: READERS, section: '/life', tabs: 'life' } },
      { path: 'templates', component: () => import('@/features/templates/TemplatesPage.vue'), meta: { title: '模板', roles: READERS, section: '/life', tabs: 'life' } },
      { path: 'development', component: () => import('@/features/development/CasesPage.vue'), meta: { title: '发展党员', roles: READERS, section: '/development' } },
      { path: 'development/:id', component: () => import('@/features/development/CasePage.vue'), props: true, meta: { title: '发展党员卷宗', roles: READERS, section: '/development' } },
      { path: 'notices', component: () => import('@/features/notices/NoticesPage.vue'), meta: { title: '消息' } },
      { path: 'notices/ways', component: () => import('@/features/notices/WaysPage.vue'), meta: { title: '提醒设置' } },
      { path: 'check-in/:token?', component: () => import('@/features/meetings/CheckInPage.vue'), props: true, meta: { title: '会议签到' } },
      { path: 'me', component: () => import('@/features/me/MePage.vue'), meta: { title: '我的', roles: ['member'], section: '/me' } },
      { path: 'system/accounts', component: () => import('@/features/system/AccountsPage.vue'), meta: { title: '账号', roles: ['security_admin'], section: '/system/accounts' } },
      { path: 'system/ledger', component: () => import('@/features/system/LedgerPage.vue'), meta: { title: '留痕', roles: ['auditor'], section: '/system/ledger' } },
      { path: 'system/status', component: () => import('@/features/system/StatusPage.vue'), meta: { title: '系统状态', roles: ['system_admin'], section: '/system/status' } },
      { path: 'not-allowed', component: () => import('@/shell/MissingPage.vue'), props: { forbidden: true }, meta: { title: '没有权限' } },
      { path: ':rest(.*)*', component: () => import('@/shell/MissingPage.vue'), meta: { title: '没有这一页' } },
    ],
  },
] as const

/** Where somebody who is not signed in goes; the address wished for is kept. */
function toLogin(wished: string) {
  return { path: '/login', query: wished === '/' ? {} : { back: wished } }
}

async function admit(to: RouteLocationNormalized) {
  if (to.meta.open) return true
  const session = await loadSession()
  if (!session) return toLogin(to.fullPath)
  if (session.account.must_change_password && to.path !== '/password') return { path: '/password', query: { back: to.fullPath } }
  if (to.meta.roles && !useSession().can(...to.meta.roles)) return { path: '/not-allowed', replace: true }
  return true
}

export function makeRouter(history = createWebHistory()): Router {
  const router = createRouter({
    history,
    routes: [...routes] as Parameters<typeof createRouter>[0]['routes'],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
  })
  router.beforeEach(admit)
  router.afterEach(to => {
    document.title = `${to.meta.title ?? ''} · 智慧党建平台`
  })
  whenSignedOut(writing => {
    const here = router.currentRoute.value
    if (here.meta.open || expired.value) return
    if (writing && useSession().account.value) {
      expired.value = true
      return
    }
    forgetSession()
    void router.push(toLogin(here.fullPath))
  })
  return router
}
