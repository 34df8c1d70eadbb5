// 党费: a secretary draws a month up, books payments, has one reduced and hands up; superiors see sums; the member sees the arithmetic.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, choose, demo, look, withReason } from './site.mjs'

let site
let secretary
let org
before(async () => {
  site = await demo({ members: 800 })
  secretary = await site.page('secretary')
  org = (await ask(secretary, '/api/session')).roles[0].org_id
})
after(() => site?.stop())

const month = (which = '2026-11') => ask(secretary, `/api/dues/month?org_id=${org}&month=${which}`)
const row = (page, name) => page.getByRole('region', { name: '应交清单' }).getByRole('row').filter({ hasText: name }).first()
const yuan = fen => `¥${(fen / 100).toLocaleString('zh-CN', { minimumFractionDigits: 2 })}`

test('a month is drawn up with one button, and says how every amount was reckoned', async () => {
  await secretary.goto(site.origin)
  await secretary.getByRole('link', { name: '组织生活' }).first().click()
  await secretary.getByRole('navigation', { name: '栏目' }).getByRole('link', { name: '党费' }).click()
  await secretary.getByText('2026年11月的应交清单还没有生成').waitFor()
  await look(secretary, 'dues-empty')
  await secretary.getByRole('button', { name: '生成本月应交' }).click()
  await secretary.getByText('已生成2026年11月应交清单').waitFor()
  const { lines, statement } = await month()
  assert.equal(statement.people, lines.length)
  const [first] = lines.filter(line => line.state === 'open')
  await row(secretary, first.person_name).getByText(/^基数 [\d,.]+ × [\d.]+% = ¥/).waitFor()
  await look(secretary, 'dues-month')
})

test('a superior lowers what a member in need pays; the amount follows at once', async () => {
  const { lines } = await month()
  const one = lines.find(line => line.state === 'open' && line.due > 6000)
  await secretary.getByText('少交、免交', { exact: true }).click()
  await secretary.getByRole('button', { name: '申请减免' }).click()
  const form = secretary.getByRole('dialog', { name: '申请减免党费' })
  await choose(form, '党员', one.person_name, one.person_name)
  await form.getByLabel('每月交（元）').fill('9000')
  await form.getByLabel('事由').fill('本人长期病休，收入减少')
  await form.getByRole('button', { name: '报上级批准' }).click()
  await form.getByText(`每月应交 ${yuan(one.due)}，少交的金额须小于应交金额`).first().waitFor()
  await look(secretary, 'dues-reduction-refused')
  await form.getByLabel('每月交（元）').fill('20')
  await form.getByRole('button', { name: '报上级批准' }).click()
  await form.waitFor({ state: 'hidden' })
  await secretary.getByRole('article').filter({ hasText: one.person_name }).getByText('待上级批准').waitFor()
  await look(secretary, 'dues-reductions')

  const staff = await site.page('staff')
  await staff.goto(`${site.origin}/dues`)
  const asked = staff.getByRole('article').filter({ hasText: one.person_name })
  await asked.getByText('本人长期病休').waitFor()
  await asked.getByRole('button', { name: '批准', exact: true }).click()
  const sure = staff.getByRole('dialog', { name: '批准减免' })
  await look(staff, 'dues-approve')
  await sure.getByRole('button', { name: '批准', exact: true }).click()
  await staff.getByText('没有待批准的减免').waitFor()

  await secretary.goto(`${site.origin}/dues`)
  await row(secretary, one.person_name).getByText('经批准交 ¥20.00').waitFor()
})

test('one click books one payment, a reason takes it back, and nobody books it twice', async () => {
  const one = (await month()).lines.find(line => line.state === 'open')
  const other = await site.page('secretary')
  await other.goto(`${site.origin}/dues`)
  await row(other, one.person_name).waitFor()
  await secretary.goto(`${site.origin}/dues`)
  await secretary.getByRole('button', { name: `记账：${one.person_name}` }).first().click()
  await row(secretary, one.person_name).getByText('已交', { exact: true }).waitFor()

  await other.getByRole('button', { name: `记账：${one.person_name}` }).first().click()
  await other.getByText('这一笔已经记账，不用再记').first().waitFor()
  await look(other, 'dues-booked-twice')

  await secretary.getByRole('button', { name: `撤销：${one.person_name}` }).first().click()
  await withReason(secretary.getByRole('dialog', { name: '撤销记账' }), '撤销', '记到别人名下了')
  await row(secretary, one.person_name).getByText('未交', { exact: true }).waitFor()

  await secretary.getByRole('button', { name: `收据、多交：${one.person_name}` }).first().click()
  const form = secretary.getByRole('dialog', { name: new RegExp(`^记账：${one.person_name}`) })
  await form.getByLabel('收据编号').fill('2026-0118')
  await form.getByLabel('自愿多交（元）').fill('50')
  await form.getByText(`连同多交共收 ${yuan(one.due + 5000)}`).waitFor()
  await look(secretary, 'dues-book')
  await form.getByRole('button', { name: '记账', exact: true }).click()
  await form.waitFor({ state: 'hidden' })
  await row(secretary, one.person_name).getByText('自愿多交 ¥50.00').waitFor()
})

test('the rest is booked together, settled, and handed up; then the list stands', async () => {
  await secretary.getByRole('checkbox', { name: '选中全部未交的' }).press(' ')
  await look(secretary, 'dues-chosen')
  await secretary.getByRole('button', { name: /^记账：\d+ 人/ }).click()
  await secretary.getByText('已交清').first().waitFor()
  await secretary.getByRole('button', { name: '上缴党费' }).click()
  const form = secretary.getByRole('dialog', { name: '上缴党费' })
  await look(secretary, 'dues-hand-up')
  await form.getByRole('button', { name: '上缴', exact: true }).click()
  await form.waitFor({ state: 'hidden' })
  assert.ok(await secretary.getByRole('button', { name: '重新生成' }).isDisabled())
  await look(secretary, 'dues-settled')
  const { statement } = await month()
  assert.deepEqual([statement.open, statement.settled_on, statement.handed], [0, '2026-11-24', statement.paid + statement.voluntary])
  const files = []
  for (const name of ['导出台账', '收缴情况']) {
    const [file] = await Promise.all([secretary.waitForEvent('download'), secretary.getByRole('button', { name }).click()])
    files.push(file.suggestedFilename())
  }
  assert.match(files.join(' '), /党费台账 .+ 2026-11\.xlsx .+党费收缴情况（2026年11月）\.docx/)
})

test('a base is set for months to come; what was paid cannot be changed', async () => {
  const [one] = (await month()).lines.filter(line => line.payer === 'employed')
  await secretary.getByText('党费基数', { exact: true }).click()
  const field = secretary.getByLabel(`${one.person_name}的基数（元）`)
  assert.ok(await field.isDisabled(), 'this month is paid')
  await look(secretary, 'dues-bases-paid')
  await choose(secretary, '从哪个月起', '2026年12月')
  await field.fill('八千')
  await secretary.getByText('请填写金额').waitFor()
  await field.fill('8000')
  await secretary.getByRole('button', { name: '核定 1 人' }).click()
  await secretary.getByText('2026年12月起：基数 8,000.00 × 1.5% = ¥120.00').waitFor()
  await look(secretary, 'dues-bases')
})

test('superiors see sums by branch and month, and no names', async () => {
  const supervisor = await site.page('supervisor')
  await supervisor.goto(`${site.origin}/dues`)
  const own = (await ask(secretary, `/api/dues/month?org_id=${org}`)).org_name
  await supervisor.getByText(/^2026 年应交/).waitFor()
  await look(supervisor, 'dues-overview')
  await supervisor.goto(`${site.origin}/dues?org=${org}`)
  await supervisor.getByRole('heading', { level: 2, name: own }).waitFor()
  await supervisor.getByText('只有本支部的书记、党务工作者和党员本人能看到').waitFor()
  assert.equal(await supervisor.getByRole('region', { name: '应交清单' }).count(), 0)
  await look(supervisor, 'dues-sums')
})

test('a member sees what was paid and how it was reckoned', async () => {
  const member = await site.page('member')
  await member.goto(`${site.origin}/me`)
  const own = member.getByRole('region', { name: '我的党费' })
  await own.getByText('2026年11月').first().waitFor()
  await own.scrollIntoViewIfNeeded()
  await look(member, 'own-dues')
})
