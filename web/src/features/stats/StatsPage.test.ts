import { beforeEach, describe, expect, it, vi } from 'vitest'
import { putSession } from '@/session/session'
import { button, fill, open, press, readable, send, settle } from '@/testing/open'
import { problem, serve, sessionOf, type Asked } from '@/testing/server'
import StatsPage from './StatsPage.vue'

vi.mock('./engine', () => ({ draw: () => ({ on() {}, setOption() {}, resize() {}, dispose() {} }) }))

const dimensions = [
  { key: 'gender', label: '性别', values: ['男', '女'] },
  { key: 'education', label: '学历', values: ['大学本科', '大学专科'] },
  { key: 'age_band', label: '年龄段', values: ['30岁及以下', '31–35岁'] },
  { key: 'org', label: '党组织', values: [] },
]
const orgs = [{ id: '33', code: 'A01', name: '第一党支部' }]
function table({ query }: Asked) {
  const by = (query.get('by') ?? '').split(',').filter(Boolean)
  const first: Record<string, string> = { gender: '女', education: '大学本科', age_band: '31–35岁', org: '第一党支部' }
  return { by, rows: [{ ...Object.fromEntries(by.map(key => [key, first[key]!])), count: 12 }], total: 12, as_of: query.get('as_of') ?? '2026-03-05', org: query.get('org') ? orgs[0] : null, orgs }
}
const understood = { query: { by: 'education', where: 'gender=女' }, trend: null, share: false, understood: [{ text: '女', meaning: '性别：女' }], not_understood: ['血型'] }
const replies = {
  'GET /api/stats/vocabulary': { dimensions },
  'GET /api/stats': table,
  'GET /api/stats/saved': { items: [] },
  'GET /api/stats/ask': understood as unknown,
  'GET /api/orgs/33': { id: '33', code: 'A01', name: '第一党支部', path: [{ id: '10', name: '公司党委' }, { id: '33', name: '第一党支部' }] },
  'GET /api/orgs/10': { id: '10', code: 'A', name: '公司党委', path: [] },
}
async function show(at: string, other: Record<string, unknown> = {}) {
  const asked = serve({ ...replies, ...other })
  const opened = await open(StatsPage, { at })
  await settle()
  const counted = () => asked.filter(({ path }) => path === '/api/stats').map(({ query }) => Object.fromEntries(query))
  return { ...opened, asked, counted }
}

describe('StatsPage', () => {
  beforeEach(() => putSession(sessionOf('party_staff')))

  it('counts the query of the address, so that it can be passed on', async () => {
    const { counted } = await show('/stats?by=gender&where=education%3D大学本科&as_of=2024-12-31')
    expect(counted()).toEqual([{ by: 'gender', where: 'education=大学本科', as_of: '2024-12-31' }])
    expect(readable()).toContain('学历为大学本科的党员按性别各有多少人？')
    expect(readable()).toContain('共 12 人，截至2024年12月31日')
  })

  it('puts a plain question into the address, and says what it did not understand', async () => {
    const { router, page } = await show('/stats')
    await page.find('#question').setValue('女党员血型按学历')
    await send(page.find('form').element)
    expect(router.currentRoute.value.query).toEqual({ by: 'education', where: 'gender=女', q: '女党员血型按学历' })
    expect(readable()).toContain('没有看懂：「血型」')
  })

  it('takes a condition away by its chip, and the plain question with it', async () => {
    const { router } = await show('/stats?by=education&where=gender%3D女&q=女党员按学历')
    await press('去掉条件：性别')
    expect(router.currentRoute.value.query).toEqual({ by: 'education' })
  })

  it('mends a condition by its chip', async () => {
    const { router, page } = await show('/stats?by=education&where=gender%3D女')
    await press('性别：女')
    const boxes = page.findAll('.editor input[type=checkbox]')
    await boxes[0]!.setValue(true)
    await send(page.find('.editor form').element)
    expect(router.currentRoute.value.query.where).toBe('gender=男|女')
  })

  it('counts on another day when the day is mended', async () => {
    const { router, page } = await show('/stats?by=education')
    await press('截至今天')
    await fill('统计日期', '2020-12-31')
    await send(page.find('.editor form').element)
    expect(router.currentRoute.value.query.as_of).toBe('2020-12-31')
  })

  it('leads from an organisation down to it, and up again', async () => {
    const { router } = await show('/stats?by=org')
    await press('统计第一党支部的下级')
    expect(router.currentRoute.value.query.org).toBe('A01')
    await press('公司党委')
    expect(router.currentRoute.value.query.org).toBe('A')
    await press('全部')
    expect(router.currentRoute.value.query.org).toBeUndefined()
  })

  it('leads from a figure to the members behind it', async () => {
    const { page } = await show('/stats?by=education&where=gender%3D女')
    const href = page.find('tbody td a').attributes('href') ?? ''
    expect(decodeURIComponent(href)).toBe('/members?where=gender=女;education=大学本科')
  })

  it('shows shares of the same count without the conditions', async () => {
    const { counted } = await show('/stats?by=education&where=gender%3D女&share=1', {
      'GET /api/stats': (asked: Asked) => (asked.query.get('where') ? table(asked) : { ...table(asked), rows: [{ education: '大学本科', count: 48 }], total: 48 }),
    })
    expect(counted().map(({ where }) => where)).toEqual(['gender=女', ''])
    expect(readable()).toContain('25.0%')
  })

  it('leaves small counts out of a table to give away', async () => {
    const { router, page, counted } = await show('/stats?by=education&q=党员按学历', {
      'GET /api/stats': (asked: Asked) => (asked.query.get('small') ? { ...table(asked), rows: [{ education: '大学本科', count: null, shown: '<5' }], total: null, total_shown: '<5', few: 5 } : table(asked)),
    })
    await page.find('input[type=checkbox]').setValue(true)
    await settle()
    expect(router.currentRoute.value.query).toEqual({ by: 'education', q: '党员按学历', small: 'hide' })
    expect(counted().at(-1)).toEqual({ by: 'education', where: '', small: 'hide' })
    expect(readable()).toContain('共 <5 人')
    expect(readable()).toContain('少于 5 人的数字，以及能推算出它们的数字，在表中不显示、在图中不画。')
    expect(page.find('tbody td a').exists()).toBe(false)
  })

  it('asks for a series of years', async () => {
    const { asked } = await show('/stats?by=&from_year=2025&to_year=2026', {
      'GET /api/stats/trend': { by: [], rows: [{ year: 2025, count: 11 }, { year: 2026, count: 12 }], from_year: 2025, to_year: 2026 },
    })
    const trend = asked.find(({ path }) => path === '/api/stats/trend')
    expect(Object.fromEntries(trend!.query)).toMatchObject({ from_year: '2025', to_year: '2026' })
    expect(readable()).toContain('2025–2026 年，党员人数怎样变化？')
  })

  it('says why a query is refused', async () => {
    await show('/stats?by=blood', { 'GET /api/stats': problem(422, 'bad_query', '没有「blood」这个统计维度。') })
    expect(readable()).toContain('没有「blood」这个统计维度。')
  })

  it('keeps a query under a name', async () => {
    const { asked } = await show('/stats?by=education&where=gender%3D女', { 'POST /api/stats/saved': { id: '1', name: '女党员', query: understood.query } })
    await press('保存这个查询')
    await fill('名称', '女党员学历')
    await send(document.querySelector('#save-query'))
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ name: '女党员学历', query: { by: 'education', where: 'gender=女' } })
  })

  it('does not offer to keep a series, which would be lost', async () => {
    await show('/stats?by=&from_year=2025&to_year=2026', { 'GET /api/stats/trend': { by: [], rows: [], from_year: 2025, to_year: 2026 } })
    expect(button('保存这个查询').disabled).toBe(true)
  })
})
