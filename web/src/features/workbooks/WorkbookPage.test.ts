import { beforeEach, describe, expect, it, vi } from 'vitest'
import { putSession } from '@/session/session'
import { open, press, readable, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import WorkbookPage from './WorkbookPage.vue'

const section = (key: string, title: string, more = {}) => ({ key, title, facts: [], head: [], rows: [], widths: [], empty: '没有记录。', ...more })
const BOOK = {
  org_id: '10',
  org_name: '第一党支部',
  year: 2026,
  until: '2026-03-05',
  sections: [
    section('branch', '支部基本情况', { facts: [{ name: '正式党员', value: '5 人' }] }),
    section('members_meeting', '支部党员大会', { head: ['日期', '会议'], rows: [['2026-02-03', '第一季度党员大会']], widths: [1, 2] }),
    section('dues', '党费收缴', { empty: '这一年还没有党费收缴记录。' }),
  ],
  missing: [{ title: '召开2026年2月主题党日', rule: 'MEET-05', due: '2026-02-28', persons: 0, link: '/meetings?new=theme_day&org=10' }],
}

describe('the work book', () => {
  beforeEach(() => {
    putSession(sessionOf('secretary'))
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => {} }))
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {})
  })

  it('shows the own branch and this year: facts, tables, and what is not there', async () => {
    serve({ 'GET /api/workbooks/10/2026': BOOK })
    await open(WorkbookPage)
    for (const words of ['正式党员', '5 人', '第一季度党员大会', '这一年还没有党费收缴记录。']) expect(readable()).toContain(words)
  })

  it('leads from what is missing to the page where it is done', async () => {
    serve({ 'GET /api/workbooks/10/2026': BOOK })
    await open(WorkbookPage)
    expect(readable()).toContain('还缺 1 项')
    const link = [...document.querySelectorAll('a')].find(one => one.textContent === '召开2026年2月主题党日')
    expect(link?.getAttribute('href')).toBe('/meetings?new=theme_day&org=10')
  })

  it('says that nothing is missing', async () => {
    serve({ 'GET /api/workbooks/10/2026': { ...BOOK, missing: [] } })
    await open(WorkbookPage)
    expect(readable()).toContain('2026 年到期的事项都有记录。')
  })

  it('downloads both files and shows why one was not made', async () => {
    const asked = serve({
      'GET /api/workbooks/10/2026': ({ query }: { query: URLSearchParams }) => {
        if (query.get('format') === 'pdf') return problem(503, 'no_document', '本机没有中文字体，无法生成 PDF。')
        return query.get('format') ? new Response('PK') : BOOK
      },
    })
    await open(WorkbookPage)
    await press('下载 Word')
    expect(asked.at(-1)?.query.get('format')).toBe('docx')
    await press('下载 PDF')
    await settle()
    expect(readable()).toContain('本机没有中文字体，无法生成 PDF。')
    expect(readable()).toContain('第一季度党员大会')
  })

  it('asks those above the branches which one, and for the year of the address', async () => {
    putSession(sessionOf('party_staff'))
    const asked = serve({ 'GET /api/workbooks/22/2025': { ...BOOK, org_id: '22', year: 2025 } })
    const { router } = await open(WorkbookPage)
    expect(readable()).toContain('请先选择党支部')
    expect(asked).toHaveLength(0)
    await router.replace({ query: { org: '22', year: '2025' } })
    await settle()
    expect(readable()).toContain('第一党支部 2025 年')
  })

  it('says so when there is no book of what was chosen', async () => {
    serve({ 'GET /api/workbooks/10/2026': problem(422, 'not_a_branch', '党委不设支部工作手册。请选择一个党支部。') })
    await open(WorkbookPage)
    expect(readable()).toContain('请选择一个党支部。')
  })
})
