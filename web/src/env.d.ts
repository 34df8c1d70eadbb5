/// <reference types="vite/client" />
import 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** The page's name in the window's title. */
    title: string
    /** Reached without signing in. */
    open?: boolean
    /** Only for accounts with one of these roles. */
    roles?: readonly import('@/api/types').Role[]
    /** The page shows one organisation's part of the register, which the path at the top switches. */
    scoped?: boolean
    /** The entry of the navigation that is marked while this page is open. */
    section?: string
    /** The pages of a section that are shown side by side above this one. */
    tabs?: keyof typeof import('@/shell/navigation').TABS
  }
}
