import { beforeEach, describe, expect, it } from 'vitest'
import type { Role } from '@/api/types'
import { putSession } from '@/session/session'
import { open } from '@/testing/open'
import { sessionOf } from '@/testing/server'
import AppShell from './AppShell.vue'

async function railFor(...roles: Role[]) {
  putSession(sessionOf(...roles))
  const { page } = await open(AppShell)
  return page.findAll('.side a').map(link => link.text())
}

describe('AppShell', () => {
  beforeEach(() => putSession(null))

  it.each([
    [['party_staff'], ['待办', '组织', '党员', '组织生活', '发展党员', '导入', '统计']],
    [['secretary', 'member'], ['待办', '组织', '党员', '组织生活', '发展党员', '统计', '我的']],
    [['member'], ['待办', '我的']],
    [['system_admin'], ['待办', '系统状态']],
    [['security_admin'], ['待办', '账号']],
    [['auditor'], ['待办', '留痕']],
  ] as [Role[], string[]][])('shows %s only what the role opens', async (roles, names) => {
    expect(await railFor(...roles)).toEqual(names)
  })

  it('opens the search by slash, but not while somebody types', async () => {
    putSession(sessionOf('secretary'))
    const { page } = await open(AppShell)
    const press = (target: Element) => {
      const event = new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true })
      target.dispatchEvent(event)
      return event.defaultPrevented
    }
    const input = document.body.appendChild(document.createElement('input'))
    expect(press(input)).toBe(false)
    expect(press(page.element)).toBe(true)
  })
})
