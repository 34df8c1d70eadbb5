import { beforeEach, describe, expect, it } from 'vitest'
import { control, fill, open, press, readable, send, settle } from '@/testing/open'
import { problem, serve, sessionOf } from '@/testing/server'
import { putSession } from '@/session/session'
import OrgDissolveDialog from './OrgDissolveDialog.vue'
import OrgEditDialog from './OrgEditDialog.vue'
import OrgPage from './OrgPage.vue'
import PostAssignDialog from './PostAssignDialog.vue'
import { detail } from './testing'

beforeEach(() => putSession(sessionOf('party_staff')))

describe('OrgPage', () => {
  it('says what departs from the rules and on which ground', async () => {
    serve({ 'GET /api/grounds': { items: [{ rule: 'ORG-02', regulation: '支部条例', article: '第四条', since: '2018-10-28', text: '党支部党员人数一般不超过 50 人。', treatment: 'warn', treatment_name: '警' }] }, 'GET /api/orgs/3': detail({ warnings: [{ rule: 'ORG-02', message: '党员 56 名，超过 50 名。请考虑分设党支部。' }] }) })
    await open(OrgPage, { props: { id: '3' } })
    await press('依据 ORG-02')
    await settle()
    expect(readable()).toContain('请考虑分设党支部')
    expect(readable()).toContain('党支部党员人数一般不超过 50 人')
  })

  it('links the number of members to their list', async () => {
    serve({ 'GET /api/orgs/3': detail({ members: { full: 30, probationary: 1, subtree_full: 54, subtree_probationary: 2 } }) })
    const { page } = await open(OrgPage, { props: { id: '3' } })
    expect(page.find('a[href="/members?org=3&stage=full"]').text()).toContain('54')
  })

  it('lets nothing be changed once it is dissolved', async () => {
    serve({ 'GET /api/orgs/3': detail({ dissolved_on: '2025-12-31' }) })
    await open(OrgPage, { props: { id: '3' } })
    expect(readable()).toContain('已于2025年12月31日撤销')
    expect(readable()).not.toContain('修改信息')
    expect(readable()).not.toContain('调整组织设置')
  })

  it('leaves moving, merging, splitting and dissolving to staff', async () => {
    putSession(sessionOf('secretary'))
    serve({ 'GET /api/orgs/3': detail() })
    await open(OrgPage, { props: { id: '3' } })
    expect(readable()).toContain('修改信息')
    expect(readable()).not.toContain('调整组织设置')
  })
})

describe('OrgEditDialog', () => {
  it('sends only what was changed', async () => {
    const asked = serve({ 'PATCH /api/orgs/3': detail() })
    const { page } = await open(OrgEditDialog, { props: { org: detail() } })
    await fill('组织名称', '机务第二党支部')
    await fill('事由', '机构调整需要')
    await send()
    expect(asked[0]?.body).toEqual({ version: 4, on: '2026-03-05', reason: '机构调整需要', name: '机务第二党支部' })
    expect(page.emitted('done')).toHaveLength(1)
  })

  it('shows the refusal next to its field', async () => {
    serve({ 'PATCH /api/orgs/3': problem(422, 'duplicate_code', '编码已被使用。', [{ pointer: '/code', code: 'duplicate_code', message: '编码 D9 已被“飞行党支部”使用。' }]) })
    await open(OrgEditDialog, { props: { org: detail() } })
    await fill('组织编码', 'D9')
    await fill('事由', '机构调整需要')
    await send()
    const note = document.getElementById(control('组织编码').getAttribute('aria-describedby') ?? '')
    expect(note?.textContent).toBe('编码 D9 已被“飞行党支部”使用。')
  })

  it('keeps what was typed after somebody else was faster, shows the change, and saves on it', async () => {
    let version = 4
    const asked = serve({
      'PATCH /api/orgs/3': ({ body }: { body: unknown }) => ((body as { version: number }).version === 4 ? ((version = 6), problem(409, 'stale', '已被他人修改。')) : detail()),
      'GET /api/orgs/3': () => detail({ version, unit_name: '示例机务维修公司' }),
    })
    await open(OrgEditDialog, { props: { org: detail() } })
    await fill('组织名称', '机务第二党支部')
    await fill('事由', '机构调整需要')
    await send()
    expect(readable()).toContain('所在单位：示例机务公司 改为 示例机务维修公司')
    expect(control('组织名称').value).toBe('机务第二党支部')
    expect(control('所在单位').value).toBe('示例机务维修公司')
    await send()
    expect(asked.at(-1)?.body).toEqual({ version: 6, on: '2026-03-05', reason: '机构调整需要', name: '机务第二党支部' })
  })
})

describe('OrgDissolveDialog', () => {
  it('cannot be done while members are left, and says why', async () => {
    await open(OrgDissolveDialog, { props: { org: detail({ members: { full: 3, probationary: 0, subtree_full: 3, subtree_probationary: 0 } }) } })
    await fill('事由', '项目已经结束')
    expect(readable()).toContain('还有 3 人')
    expect([...document.querySelectorAll('button')].find(one => one.type === 'submit')?.disabled).toBe(true)
  })

  it('shows who is still there when the server refuses', async () => {
    serve({ 'POST /api/orgs/3/dissolve': problem(422, 'org_not_empty', '还有下级组织或人员，撤销前须先转出（ORG-10）：第一党小组。') })
    await open(OrgDissolveDialog, { props: { org: detail() } })
    await fill('事由', '项目已经结束')
    await send()
    expect(readable()).toContain('撤销前须先转出（ORG-10）：第一党小组')
    expect(control('事由').value).toBe('项目已经结束')
  })
})

describe('PostAssignDialog', () => {
  it('greys out a post that only one may hold, naming its holder', async () => {
    await open(PostAssignDialog, { props: { org: detail() } })
    control('职务').click()
    await settle()
    expect(readable()).toContain('现由周明担任，请先免职')
  })
})
