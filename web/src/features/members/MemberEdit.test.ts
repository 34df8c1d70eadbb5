import { beforeEach, describe, expect, it } from 'vitest'
import { button, control, fill, open, readable, send } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import { putSession } from '@/session/session'
import MemberEdit from './MemberEdit.vue'
import { dossier, FIELDS } from './testing'

const fields = { 'GET /api/members/fields': { items: FIELDS } }
beforeEach(() => putSession(sessionOf('party_staff')))

describe('MemberEdit', () => {
  it('sends only what was changed, so that masked values stay as they are', async () => {
    const asked = serve({ ...fields, 'PATCH /api/members/7': dossier({ version: 4 }) })
    const { page } = await open(MemberEdit, { props: { dossier: dossier() } })
    await fill('籍贯', ' 四川成都 ')
    await fill('事由', '核对后更正')
    await send()
    expect(asked.at(-1)?.body).toEqual({ version: 3, on: '2026-03-05', reason: '核对后更正', fields: { native_place: '四川成都' } })
    expect(page.emitted('saved')).toHaveLength(1)
  })

  it('shows what stands registered of a private field, and never puts it into the form', async () => {
    serve(fields)
    await open(MemberEdit, { props: { dossier: dossier() } })
    expect(control('联系电话').value).toBe('')
    expect(readable()).toContain('现登记为 139****1234，不改就留空')
  })

  it('takes a date without a day', async () => {
    const asked = serve({ ...fields, 'PATCH /api/members/7': dossier({ version: 4 }) })
    await open(MemberEdit, { props: { dossier: dossier() } })
    await fill('入党时间', '2012年3月')
    await fill('事由', '核对后更正')
    await send()
    expect(asked.at(-1)?.body).toMatchObject({ fields: { joined_on: '2012-03' } })
  })

  it('does not take an unreadable date for an emptied one', async () => {
    const asked = serve(fields)
    await open(MemberEdit, { props: { dossier: dossier() } })
    await fill('转正时间', '前年')
    await fill('事由', '核对后更正')
    await send()
    expect(asked.filter(({ method }) => method === 'PATCH')).toEqual([])
  })

  it('cannot be saved while nothing was changed', async () => {
    serve(fields)
    await open(MemberEdit, { props: { dossier: dossier() } })
    expect(button('保存修改').disabled).toBe(true)
  })

  it('shows the refusal next to its field', async () => {
    serve({ ...fields, 'PATCH /api/members/7': problem(422, 'bad_phone', '联系电话不对。', [{ pointer: '/phone', code: 'bad_phone', message: '联系电话须为 11 位手机号。' }]) })
    await open(MemberEdit, { props: { dossier: dossier() } })
    await fill('联系电话', '123')
    await fill('事由', '核对后更正')
    await send()
    const note = document.getElementById(control('联系电话').getAttribute('aria-describedby') ?? '')
    expect(note?.textContent).toBe('联系电话须为 11 位手机号。')
  })

  it('keeps what was typed after somebody else was faster, shows the change, and saves on it', async () => {
    const asked = serve({
      ...fields,
      'PATCH /api/members/7': ({ body }: { body: unknown }) => ((body as { version: number }).version === 3 ? problem(409, 'stale', '已被他人修改。') : dossier({ version: 6 })),
      'GET /api/members/7': dossier({ version: 5, education: '硕士研究生' }),
    })
    await open(MemberEdit, { props: { dossier: dossier() } })
    await fill('籍贯', '四川成都')
    await fill('事由', '核对后更正')
    await send()
    expect(readable()).toContain('学历：大学本科 改为 硕士研究生')
    expect(control('籍贯').value).toBe('四川成都')
    await send()
    expect(asked.at(-1)?.body).toMatchObject({ version: 5, fields: { native_place: '四川成都' } })
  })
})
