import { beforeEach, describe, expect, it } from 'vitest'
import { putSession } from '@/session/session'
import { button, fill, open, press, readable, send } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import CheckInPage from './CheckInPage.vue'
import OwnMeetings from './OwnMeetings.vue'

const meeting = {
  id: '5', org_name: '第三党支部', state: 'open', state_name: '进行中', activities: [], title: '第一季度支部党员大会', place: '三楼会议室', on: '2026-03-05', at: '14:30',
  part: 'expected', attendance: 'awaited', reason: null, remote: false, link: null,
}
const done = { meeting_id: '5', title: meeting.title, org_name: meeting.org_name, on: meeting.on, how: 'code', already: false }

describe('CheckInPage', () => {
  beforeEach(() => putSession(sessionOf('member')))

  it('says what meeting it is and checks in with one tap', async () => {
    const asked = serve({ 'GET /api/check-in/c.5.123456': meeting, 'POST /api/check-in': done })
    await open(CheckInPage, { props: { token: 'c.5.123456' } })
    expect(readable()).toContain('第一季度支部党员大会')
    await press('签到')
    expect(asked.at(-1)?.body).toEqual({ token: 'c.5.123456' })
    expect(readable()).toContain('已签到')
  })

  it('takes the six digits where nothing can be scanned, and keeps them when they are refused', async () => {
    serve({ 'POST /api/check-in': problem(422, 'wrong_code', '签到码不对', [{ pointer: '/code', code: 'wrong_code', message: '签到码不对或已更换。' }]) })
    await open(CheckInPage)
    expect(button('签到').disabled).toBe(true)
    await fill('屏幕上的六位数字', '123 456')
    expect(button('签到').disabled).toBe(false)
    await send()
    expect(readable()).toContain('签到码不对或已更换')
    expect((document.querySelector('input') as HTMLInputElement).value).toBe('123 456')
  })

  it('says why a link is of no use and offers the digits', async () => {
    serve({ 'GET /api/check-in/x.y': problem(422, 'link_over', '签到链接已失效。') })
    await open(CheckInPage, { props: { token: 'x.y' } })
    expect(readable()).toContain('签到链接已失效')
    expect(readable()).toContain('改为输入会场屏幕上的六位数字')
  })
})

describe('OwnMeetings', () => {
  beforeEach(() => putSession(sessionOf('member')))

  it('lets a member say why he or she cannot come', async () => {
    const asked = serve({ 'GET /api/me/meetings': { items: [{ ...meeting, state: 'noticed' }] }, 'GET /api/me/learning': { year: 2026, tenths: 20, needed: 320, items: [] }, 'POST /api/me/meetings/5/absence': null })
    await open(OwnMeetings)
    expect(readable()).toContain('已学 2 学时，规定不少于 32 学时')
    await press('不能参加')
    await fill('事由', '在外地出差')
    await press('请假')
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ reason: '在外地出差' })
  })

  it('tells that a meeting was cancelled, so that nobody comes in vain', async () => {
    serve({ 'GET /api/me/meetings': { items: [{ ...meeting, state: 'cancelled', state_name: '已取消' }] }, 'GET /api/me/learning': { year: 2026, tenths: 0, needed: 320, items: [] } })
    await open(OwnMeetings)
    expect(readable()).toContain('会议已取消')
    expect(() => button('不能参加')).toThrow()
  })
})
