import { beforeEach, describe, expect, it, vi } from 'vitest'
import { putSession } from '@/session/session'
import { button, control, fill, open, press, readable, send, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import TemplatesPage from './TemplatesPage.vue'

const NOTICE = {
  key: 'meeting_notice', name: '会议通知', group: 'life', group_name: '组织生活', purpose: '召开会议前告知。', official: true, own: null,
  uses: [{ activity: 'members_meeting', name: '支部党员大会', rule: 'MEET-01' }],
}
const LETTER = { ...NOTICE, key: 'letter', name: '函', group: 'letter', group_name: '公文', purpose: '商洽工作。', uses: [] }
const LIST = { items: [NOTICE, LETTER], pdf_of_own: false, may_add: true }
const field = (name: string, more = {}) => ({ name, kind: 'text', required: false, hint: '', choices: [], columns: [], source: null, value: null, ...more })
const FORM = {
  key: 'meeting_notice', name: '会议通知', purpose: '召开会议前告知。', takes_person: false, placeholders: ['会议地点'], own: null,
  fields: [
    field('党组织', { value: '第一党支部', source: '党组织名称' }),
    field('会议地点', { required: true }),
    field('议题', { kind: 'rows', required: true, columns: [field('题目', { required: true })] }),
  ],
}
const PREVIEW = { pages: ['<svg xmlns="http://www.w3.org/2000/svg"/>'], faults: [], own: false }
const OWN = { id: '7', version: 1, org_id: '10', org_name: '示例集团党委', inherited: false, editable: true }

describe('the templates', () => {
  beforeEach(() => {
    putSession(sessionOf('secretary'))
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => {} }))
  })
  const replies = (more = {}) => ({
    'GET /api/templates': LIST,
    'GET /api/templates/meeting_notice': FORM,
    'POST /api/templates/meeting_notice/preview': PREVIEW,
    ...more,
  })

  it('shows the library of the own organisation and finds what is searched for', async () => {
    const asked = serve(replies())
    await open(TemplatesPage)
    expect(asked[0]?.query.get('org')).toBe('10')
    expect(readable()).toContain('会议通知')
    await fill('查找模板', '商洽')
    expect(readable()).not.toContain('召开会议前告知。')
    await fill('查找模板', '没有这个')
    expect(readable()).toContain('没有找到「没有这个」')
    await press('看全部模板')
    expect(readable()).toContain('召开会议前告知。')
  })

  it('fills in what is known, says what is missing and shows the pages', async () => {
    serve(replies())
    await open(TemplatesPage, { at: '/templates?key=meeting_notice' })
    await vi.waitFor(() => expect(document.querySelector('img')).toBeTruthy())
    expect(control('党组织').value).toBe('第一党支部')
    expect(readable()).toContain('已填入党组织名称，可改')
    expect(readable()).toContain('还要填：会议地点、议题。')
    await fill('会议地点', '三层会议室')
    await fill('议题 1', '学习')
    expect(readable()).not.toContain('还要填')
  })

  it('asks for what the meeting it was opened from knows, and leads back to it', async () => {
    const asked = serve(replies())
    await open(TemplatesPage, { at: '/templates?org=10&key=meeting_notice&meeting=5' })
    expect(asked.find(({ path }) => path === '/api/templates/meeting_notice')?.query.get('meeting')).toBe('5')
    expect(readable()).toContain('取自会议记录')
  })

  it('keeps what was typed and puts every refusal beside its field', async () => {
    const refusal = problem(422, 'missing_required', '请核对。', [
      { pointer: '/values/会议地点', code: 'missing_required', message: '会议地点没有填写。请补填。' },
      { pointer: '/values/议题/0/题目', code: 'too_long', message: '题目太长。' },
    ])
    serve(replies({ 'POST /api/templates/meeting_notice/document': refusal }))
    await open(TemplatesPage, { at: '/templates?key=meeting_notice' })
    await fill('议题 1', '学习')
    await send()
    await settle()
    expect(readable()).toContain('会议地点没有填写。请补填。')
    expect(readable()).toContain('题目太长。')
    expect(control('议题 1').value).toBe('学习')
    await fill('会议地点', '三层')
    expect(readable()).not.toContain('会议地点没有填写')
    expect(readable()).toContain('题目太长。')
  })

  it('adds and removes rows', async () => {
    serve(replies())
    await open(TemplatesPage, { at: '/templates?key=meeting_notice' })
    await press('再加一行')
    await fill('议题 2', '表决')
    await press('删去议题 1')
    expect(control('议题 1').value).toBe('表决')
  })

  it('offers no PDF of an own file where it cannot be made, and the built-in layout instead', async () => {
    const own = { ...NOTICE, own: OWN }
    serve(replies({ 'GET /api/templates': { ...LIST, items: [own] }, 'GET /api/own-templates/7': { ...OWN, key: 'meeting_notice', name: '会议通知', withdrawn: false, versions: [] } }))
    await open(TemplatesPage, { at: '/templates?key=meeting_notice' })
    expect(button('下载 PDF').disabled).toBe(true)
    expect(readable()).toContain('只能下载 DOCX')
    document.querySelector<HTMLInputElement>('.el-checkbox input')?.click()
    await settle()
    expect(button('下载 PDF').disabled).toBe(false)
  })

  it('lets only those put files in who do the work there', async () => {
    serve(replies({ 'GET /api/templates': { ...LIST, may_add: false } }))
    await open(TemplatesPage, { at: '/templates?key=meeting_notice' })
    expect(readable()).toContain('下载样稿')
    expect(readable()).not.toContain('传入本单位样式')
  })
})
