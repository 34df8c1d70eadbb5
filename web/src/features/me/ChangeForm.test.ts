import { beforeEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import { putSession } from '@/session/session'
import { fill, open, press, readable, send, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import ChangeForm from './ChangeForm.vue'
import { dossier } from './testing'

const fields = {
  items: [
    { field: 'phone', label: '联系电话', required: false, private: true, choices: [] },
    { field: 'stage', label: '人员类别', required: true, private: false, choices: ['正式党员'] },
  ],
}

async function choose(label: string) {
  document.querySelector<HTMLElement>('.el-select__wrapper')?.click()
  await settle()
  const option = [...document.querySelectorAll<HTMLElement>('.el-select-dropdown__item')].find(one => one.textContent?.trim() === label)
  option?.click()
  await nextTick()
  return option
}

describe('ChangeForm', () => {
  beforeEach(() => putSession(sessionOf('member')))

  it('sends the field, the reason and nothing else', async () => {
    const asked = serve({ 'GET /api/members/fields': fields, 'POST /api/me/changes': {} })
    const { page } = await open(ChangeForm, { props: { own: dossier } })
    await choose('联系电话')
    expect(readable()).toContain('现在登记的是：13900001234')
    await fill('应当是', '13900005678')
    await fill('理由', '换了新号码')
    await send()
    expect(asked.at(-1)?.body).toEqual({ fields: { phone: '13900005678' }, reason: '换了新号码', file_ids: [] })
    expect(page.emitted('sent')).toHaveLength(1)
  })

  it('does not offer what is settled by a procedure', async () => {
    serve({ 'GET /api/members/fields': fields })
    await open(ChangeForm, { props: { own: dossier } })
    expect(await choose('人员类别')).toBeUndefined()
  })

  it('does not send what is registered already', async () => {
    const asked = serve({ 'GET /api/members/fields': fields })
    await open(ChangeForm, { props: { own: dossier } })
    await choose('联系电话')
    await fill('应当是', '13900001234')
    await fill('理由', '换了新号码')
    await send()
    expect(asked).toHaveLength(1)
    expect(readable()).toContain('不需要更正')
  })

  it('shows the refusal beside the field and keeps what was typed', async () => {
    serve({ 'GET /api/members/fields': fields, 'POST /api/me/changes': problem(422, 'bad_phone', '联系电话有误。', [{ pointer: '/fields/phone', code: 'bad_phone', message: '联系电话应为 11 位。' }]) })
    await open(ChangeForm, { props: { own: dossier } })
    await choose('联系电话')
    await fill('应当是', '123')
    await fill('理由', '换了新号码')
    await send()
    expect(document.querySelector('.proposed .form-field.wrong')?.textContent).toContain('联系电话应为 11 位。')
    await press('再加一项')
    expect(document.querySelectorAll('.proposed')).toHaveLength(2)
  })
})
