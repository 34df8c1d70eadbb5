import { describe, expect, it } from 'vitest'
import { agendaOf, tenthsOf } from './draft'
import { badgeOf, placeOf, presentStep, trackOf, usualTitle, whenText } from './meeting'
import { tokenOf } from './scan'
import { meetingOf } from './testing'

describe('a meeting', () => {
  it('has one present step; those before are done', () => {
    const lacking = [{ rule: 'MEET-09', code: 'x', field: '/place', message: '' }]
    expect(presentStep(meetingOf({ state: 'planned' }))).toBe('通知')
    expect(presentStep(meetingOf({ state: 'closed', missing: lacking }))).toBe('记录')
    expect(presentStep(meetingOf({ state: 'closed' }))).toBe('确认')
    expect(trackOf(meetingOf({ state: 'archived' })).every(({ stands }) => stands === 'done')).toBe(true)
    expect(trackOf(meetingOf({ state: 'noticed' })).map(({ stands }) => stands)).toEqual(['done', 'done', 'now', 'ahead', 'ahead', 'ahead', 'ahead'])
  })

  it('says that its day has passed without being held', () => {
    expect(badgeOf({ state: 'noticed', state_name: '已通知', on: '2026-03-04' }, '2026-03-05').text).toBe('日期已过')
    expect(badgeOf({ state: 'noticed', state_name: '已通知', on: '2026-03-05' }, '2026-03-05').text).toBe('已通知')
  })

  it('is named after what it is and when', () => {
    expect(usualTitle(['members_meeting', 'theme_day'], '2026-11-24')).toBe('2026年第四季度支部党员大会暨主题党日')
    expect(usualTitle(['committee_meeting'], '2026-02-28')).toBe('2026年2月支部委员会会议')
    expect(usualTitle([], '2026-02-28')).toBe('')
    expect(whenText('2026-11-24', '14:30')).toBe('11月24日 周二 14:30')
  })

  it('knows where a missing thing is written', () => {
    expect(placeOf('/host')).toEqual({ anchor: 'plan', inPlan: true })
    expect(placeOf('/items/11/notes')).toEqual({ anchor: 'notes-11', inPlan: false })
    expect(placeOf('/attendees').anchor).toBe('roll')
    expect(placeOf('/to').anchor).toBe('times')
  })
})

describe('what is typed', () => {
  it('is an agenda, one item a line, without its numbers', () => {
    expect(agendaOf('1. 学习文件\n\n二、讨论接收\n  自由发言 ')).toEqual(['学习文件', '讨论接收', '自由发言'])
  })

  it('is hours, or not', () => {
    expect(['', '2', '1.5', '两', '-1'].map(tenthsOf)).toEqual([0, 20, 15, null, null])
  })
})

describe('a scanned code', () => {
  it('is taken only when it leads to our own check-in', () => {
    const own = 'https://dj.example.cn'
    expect(tokenOf(`${own}/check-in/c.12.345678`, own)).toBe('c.12.345678')
    expect(tokenOf('https://elsewhere.example/check-in/c.12.345678', own)).toBeNull()
    expect(tokenOf(`${own}/check-in/../login`, own)).toBeNull()
    expect(tokenOf('345678', own)).toBeNull()
  })
})
