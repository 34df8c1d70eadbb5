// 组织: from the tree to the page of one, and every step that changes the tree, as staff of the top committee do it.
import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { PHONE, ask, choose, demo, look, picture, sound, withReason } from './site.mjs'

let site
let page
let orgs
const NAME = '蜀岭航空产业集团'
const find = name => orgs.find(org => org.name === `${NAME}${name}`)
before(async () => {
  site = await demo({ members: 800 })
  page = await site.page('staff')
  orgs = (await ask(page, '/api/orgs?limit=200')).items
})
after(() => site?.stop())

async function open(name) {
  await page.goto(`${site.origin}/orgs/${find(name).id}`)
  await page.getByRole('heading', { level: 1, name: `${NAME}${name}` }).waitFor()
}
const dialog = name => page.getByRole('dialog', { name })
const names = () => page.locator('a[data-org]').allInnerTexts()

test('the tree opens, closes and is filtered; what needs looking at is one click away', async () => {
  await page.getByRole('link', { name: '组织', exact: true }).filter({ visible: true }).click()
  await page.getByText(`共 ${orgs.length} 个组织`).waitFor()
  assert.ok(!(await names()).includes(`${NAME}审计部党支部第一党小组`), 'groups are closed at first')
  await page.getByRole('button', { name: `展开${NAME}审计部党支部的下级组织` }).click()
  assert.ok((await names()).includes(`${NAME}审计部党支部第一党小组`))
  await look(page, 'orgs')

  await page.getByLabel('按名称或编码查找').fill('财务')
  assert.deepEqual(await names(), [`${NAME}财务管理部党支部`])
  await page.getByLabel('按名称或编码查找').fill('没有这样的组织')
  await page.getByRole('heading', { name: '没有符合条件的组织' }).waitFor()
  await look(page, 'orgs-none')
  await page.getByRole('button', { name: '清除条件' }).click()
  await page.getByText(/^只看有提示的/).click()
  assert.deepEqual(await names(), orgs.filter(org => org.warnings).map(org => org.name))
  await look(page, 'orgs-warned')
  await page.getByText(/^只看有提示的/).click()
})

test('the drawer shows an organisation beside the tree', async () => {
  await page.getByRole('link', { name: `${NAME}财务管理部党支部` }).click()
  const drawer = dialog(`${NAME}财务管理部党支部`)
  await drawer.getByText('任期已于').waitFor()
  await look(page, 'org-drawer')
  await drawer.getByRole('link', { name: '打开组织页面' }).click()
  await page.getByRole('heading', { level: 1, name: `${NAME}财务管理部党支部` }).waitFor()
  await page.getByRole('heading', { name: '需要处理（1 项）' }).waitFor()
  await look(page, 'org')
})

test('the tree and the template are downloaded as spreadsheets', async () => {
  await page.goto(`${site.origin}/orgs`)
  for (const [button, file] of [['导出组织表', /^党组织.*\.xlsx$/], ['下载组织表模板', /^党组织模板.*\.xlsx$/]]) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()])
    assert.match(download.suggestedFilename(), file)
    assert.ok(statSync(await download.path()).size > 1000)
  }
})

test('a new name needs a reason; the old one stays in the history', async () => {
  await open('采购中心党支部')
  await page.getByRole('button', { name: '修改信息' }).click()
  const form = dialog('修改组织信息')
  await form.getByLabel('组织名称').fill(`${NAME}采购与供应链中心党支部`)
  await form.getByRole('button', { name: '保存修改' }).click()
  await form.getByText('请写明事由，至少 4 个字。').waitFor()
  assert.equal(await form.getByLabel('组织名称').inputValue(), `${NAME}采购与供应链中心党支部`)
  await look(page, 'org-edit')
  await form.getByLabel('事由').fill('部门更名，集团〔2026〕18号')
  await form.getByRole('button', { name: '保存修改' }).click()
  await page.getByRole('heading', { level: 1, name: `${NAME}采购与供应链中心党支部` }).waitFor()
  const history = page.getByRole('region', { name: '沿革' })
  await history.getByText(`${NAME}采购中心党支部`).waitFor()
  await history.getByText(`${NAME}采购与供应链中心党支部`).waitFor()
})

test('a code that another has already is refused beside its field', async () => {
  await open('财务管理部党支部')
  await page.getByRole('button', { name: '修改信息' }).click()
  const form = dialog('修改组织信息')
  await form.getByLabel('组织编码').fill(find('工会党支部').code)
  await form.getByLabel('事由').fill('核对编码后更正')
  await form.getByRole('button', { name: '保存修改' }).click()
  const said = form.locator('.form-field', { hasText: '组织编码' }).getByRole('alert')
  await said.waitFor()
  assert.match(await said.innerText(), /编码/)
  await picture(page, 'org-code-refused-desk')
  await sound(page, 'a refused code')
  await form.getByRole('button', { name: '先不修改' }).click()
})

test('two at one organisation: the second is told, sees the change and keeps what was typed', async () => {
  await open('战略规划部党支部')
  await page.getByRole('button', { name: '修改信息' }).click()
  const form = dialog('修改组织信息')
  await form.getByLabel('所在单位').fill(`${NAME}战略与投资部`)
  await form.getByLabel('事由').fill('登记所在单位名称')

  const other = await site.page('staff')
  await other.goto(`${site.origin}/orgs/${find('战略规划部党支部').id}`)
  await other.getByRole('button', { name: '修改信息' }).click()
  const theirs = other.getByRole('dialog', { name: '修改组织信息' })
  await theirs.getByLabel('组织名称').fill(`${NAME}战略发展部党支部`)
  await theirs.getByLabel('事由').fill('部门更名，集团〔2026〕19号')
  await theirs.getByRole('button', { name: '保存修改' }).click()
  await other.getByRole('heading', { level: 1, name: `${NAME}战略发展部党支部` }).waitFor()
  await other.context().close()

  await form.getByRole('button', { name: '保存修改' }).click()
  await form.getByText('这期间有人修改过').waitFor()
  await form.getByRole('listitem').filter({ hasText: `${NAME}战略发展部党支部` }).waitFor()
  assert.equal(await form.getByLabel('所在单位').inputValue(), `${NAME}战略与投资部`)
  assert.equal(await form.getByLabel('组织名称').inputValue(), `${NAME}战略发展部党支部`)
  await form.getByText('这期间有人修改过').scrollIntoViewIfNeeded()
  await look(page, 'org-stale')
  await form.getByRole('button', { name: '保存修改' }).click()
  await form.waitFor({ state: 'hidden' })
  await page.getByRole('heading', { level: 1, name: `${NAME}战略发展部党支部` }).waitFor()
  await page.getByText(`${NAME}战略与投资部`).waitFor()
})

test('a move under itself, under its own group or under the wrong kind is refused in words; a right one is done', async () => {
  await open('办公室第二党支部')
  await page.getByRole('button', { name: '划转', exact: true }).click()
  const form = dialog('划转到另一个上级')
  await choose(form, '新的上级组织', /办公室第二党支部/, '办公室第二')
  await form.getByText('不能划到自己下面').waitFor()
  assert.ok(await form.getByRole('button', { name: '划转组织' }).isDisabled())
  await look(page, 'org-move-itself')
  await choose(form, '新的上级组织', /财务管理部党支部/, '财务')
  await form.getByText('党支部下面不能设党支部').waitFor()
  await choose(form, '新的上级组织', /有限公司党委/, '有限公司党委')
  await withReason(form, '划转组织', '党总支撤销前划归集团党委')
  await page.getByText('已划转').waitFor()
  const crumbs = page.getByRole('navigation', { name: '所在位置' })
  await crumbs.getByText('有限公司党委').waitFor()
  assert.ok(!(await crumbs.innerText()).includes('党总支'))
})

test('a branch is split: the chosen members stand in the new one', async () => {
  await open('安全质量部党支部')
  await page.getByRole('button', { name: '分设', exact: true }).click()
  const form = dialog('分设新组织')
  await form.getByLabel('新组织名称').fill(`${NAME}安全质量部第二党支部`)
  await form.getByLabel('新组织编码').fill(find('工会党支部').code)
  for (const index of [0, 1, 2]) await form.locator('.list label').nth(index).click()
  await form.getByText('已选 3 人').waitFor()
  await form.getByLabel('事由').fill('党员超过五十名，按规定分设')
  await form.getByRole('button', { name: '分设组织' }).click()
  await form.locator('.form-field', { hasText: '新组织编码' }).getByRole('alert').waitFor()
  await look(page, 'org-split')
  await form.getByLabel('新组织编码').fill('100098')
  await form.getByRole('button', { name: '分设组织' }).click()
  await page.getByText('已分设').waitFor()
  const made = (await ask(page, '/api/orgs?limit=200')).items.find(org => org.code === '100098')
  assert.equal(made.full_members + made.probationary_members, 3)
  assert.equal(made.parent_id, find('安全质量部党支部').parent_id)
})

test('two branches are joined: the members move, the first ends, its page says so', async () => {
  await open('驻外办事处党支部')
  await page.getByRole('button', { name: '合并', exact: true }).click()
  const form = dialog('并入另一个组织')
  await choose(form, '并入哪个组织', /联合党支部/, '联合')
  await look(page, 'org-merge')
  await withReason(form, '合并组织', '正式党员不足三人，并入联合支部')
  await page.getByRole('heading', { level: 1, name: /联合党支部/ }).waitFor()
  const joined = (await ask(page, `/api/orgs/${find('培训中心档案馆联合党支部').id}`)).members
  assert.equal(joined.full + joined.probationary, 9)
  await open('驻外办事处党支部')
  await page.getByText('已于2026年11月24日撤销').waitFor()
  assert.equal(await page.getByRole('button', { name: '修改信息' }).count(), 0)
  await look(page, 'org-dissolved')
})

test('an organisation with members is not dissolved: it says who is there; an empty one is', async () => {
  await open('工会党支部')
  await page.getByRole('button', { name: '撤销', exact: true }).click()
  const form = dialog('撤销组织')
  const here = await ask(page, `/api/members?org=${find('工会党支部').id}&limit=8`)
  await form.getByText(`还有 ${here.total} 人：${here.items[0].name}、`).waitFor()
  assert.ok(await form.getByRole('button', { name: '撤销组织' }).isDisabled())
  await look(page, 'org-dissolve-refused')
  await form.getByRole('button', { name: '先不做' }).click()

  await page.goto(`${site.origin}/orgs/${orgs[0].id}`)
  await page.getByRole('button', { name: '新建下级组织' }).click()
  const fresh = dialog('新建组织')
  await fresh.getByRole('button', { name: '新建组织' }).click()
  await fresh.locator('.form-field', { hasText: '组织名称' }).getByRole('alert').waitFor()
  await look(page, 'org-new')
  await fresh.getByLabel('组织名称').fill(`${NAME}筹建处党支部`)
  await fresh.getByLabel('组织编码').fill('100097')
  await fresh.getByRole('button', { name: '新建组织' }).click()
  await page.getByRole('heading', { level: 1, name: `${NAME}筹建处党支部` }).waitFor()
  await look(page, 'org-empty')
  await page.getByRole('button', { name: '撤销', exact: true }).click()
  await withReason(dialog('撤销组织'), '撤销组织', '筹建结束，不再保留')
  await page.getByText('已于2026年11月24日撤销').waitFor()
})

test('a post is given and ended', async () => {
  await open('纪检监察部党支部')
  const someone = (await ask(page, `/api/members?org=${find('纪检监察部党支部').id}&stage=full`)).items.at(-1)
  await page.getByRole('button', { name: '登记任职' }).click()
  const form = dialog('登记任职')
  await choose(form, '职务', '书记')
  await choose(form, '任职人', someone.name, someone.name)
  await look(page, 'org-post')
  await form.getByRole('button', { name: '登记任职' }).click()
  await form.waitFor({ state: 'hidden' })
  const posts = page.getByRole('region', { name: '职务' })
  await posts.getByRole('button', { name: `免职：书记${someone.name}` }).click()
  const ending = page.getByRole('dialog').filter({ visible: true })
  await withReason(ending, '免去职务', '工作调动，另行安排')
  await posts.getByRole('button', { name: `免职：书记${someone.name}` }).waitFor({ state: 'detached' })
})

test('a supervisor reads everything and is offered nothing that changes it', async () => {
  const other = await site.page('supervisor')
  await other.goto(`${site.origin}/orgs/${find('工会党支部').id}`)
  await other.getByRole('heading', { name: '沿革' }).waitFor()
  for (const name of ['修改信息', '新建下级组织', '登记任职', '划转', '合并', '分设', '撤销']) {
    assert.equal(await other.getByRole('button', { name, exact: true }).count(), 0, name)
  }
  await look(other, 'org-supervisor')
})

test('a secretary sees the own branch only; another one is not to be had', async () => {
  const other = await site.page('secretary')
  await other.goto(`${site.origin}/orgs`)
  await other.getByText('共 1 个组织').waitFor()
  await look(other, 'orgs-secretary')
  await other.goto(`${site.origin}/orgs/${find('工会党支部').id}`)
  await other.getByRole('alert').waitFor()
  assert.ok(!(await other.locator('main').innerText()).includes('工会'))
  await look(other, 'org-not-mine')
})

test('on the phone a tap opens the page of the organisation', async () => {
  await page.setViewportSize(PHONE)
  await page.goto(`${site.origin}/orgs`)
  await page.getByRole('link', { name: `${NAME}财务管理部党支部` }).click()
  await page.waitForURL(url => url.pathname === `/orgs/${find('财务管理部党支部').id}`)
})
