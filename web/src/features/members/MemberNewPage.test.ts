import { beforeEach, describe, expect, it } from 'vitest'
import { control, fill, open, press, readable, send } from '@/testing/open'
import { serve, sessionOf } from '@/testing/server'
import { putSession } from '@/session/session'
import MemberNewPage from './MemberNewPage.vue'
import { FIELDS } from './testing'

beforeEach(() => putSession(sessionOf('party_staff')))

describe('MemberNewPage', () => {
  it('says what is missing before anything is sent', async () => {
    const asked = serve({ 'GET /api/members/fields': { items: FIELDS } })
    await open(MemberNewPage)
    expect(readable()).toContain('还差 5 项')
    await send()
    expect(asked.filter(({ method }) => method === 'POST')).toEqual([])
    expect(readable()).toContain('请填写姓名。')
  })

  it('leads from a missing field to its control', async () => {
    serve({ 'GET /api/members/fields': { items: FIELDS } })
    await open(MemberNewPage)
    await press('姓名')
    expect(document.activeElement).toBe(control('姓名'))
  })

  it('fills in the birth date from the identity number', async () => {
    serve({ 'GET /api/members/fields': { items: FIELDS } })
    await open(MemberNewPage)
    await fill('公民身份号码', '11010519491231002X')
    expect(control('出生日期').value).toBe('1949-12-31')
  })
})
