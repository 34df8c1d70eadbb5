// 党员: from the list to a dossier; editing, showing numbers, papers, registering and leaving.
import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { DESK, PHONE, ask, choose, demo, look, withReason } from './site.mjs'

let site
let page
let total
let someone
/** An identity number of nobody: the checksum is right, the place and the serial are the test's. */
function identity(born, serial) {
  const head = `510104${born.replaceAll('-', '')}${String(serial).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  return head + '10X98765432'[[...head].reduce((sum, digit, at) => sum + Number(digit) * weights[at], 0) % 11]
}
before(async () => {
  site = await demo({ members: 800 })
  page = await site.page('staff')
  total = (await ask(page, '/api/members?limit=1')).total
  someone = (await ask(page, '/api/members?limit=10')).items[5]
})
after(() => site?.stop())

const dialog = name => page.getByRole('dialog', { name })
const rows = () => page.getByRole('region', { name: '党员名单' }).locator('tbody tr')
async function open(person, on = page) {
  await on.goto(`${site.origin}/members/${person.id}`)
  await on.getByRole('heading', { level: 1, name: person.name }).waitFor()
}
const fieldOf = (within, label) => within.locator('.form-field', { hasText: label })

test('the list is paged, numbers are masked, a filter stands in the address', async () => {
  await page.goto(`${site.origin}/members`)
  await page.getByText(`共 ${total} 人，号码均已脱敏`).waitFor()
  const first = await rows().count()
  assert.ok(first > 0 && first < total)
  assert.doesNotMatch(await page.locator('main').innerText(), /\d{17}[\dX]|1\d{10}/)
  await look(page, 'members')
  await page.getByRole('button', { name: '再显示一些' }).click()
  await page.getByText(`已显示 ${2 * first} 人`).waitFor()
  assert.equal(await rows().count(), 2 * first)

  await choose(page, '人员类别', '预备党员')
  const { total: probationary } = await ask(page, '/api/members?stage=probationary&limit=1')
  await page.getByText(`共 ${probationary} 人，号码均已脱敏`).waitFor()
  assert.equal(new URL(page.url()).searchParams.get('stage'), 'probationary')
  await page.reload()
  await page.getByText(`共 ${probationary} 人，号码均已脱敏`).waitFor()
  for (const words of await rows().allInnerTexts()) assert.match(words, /预备党员/)
  await page.setViewportSize(PHONE)
  await page.getByRole('button', { name: '更多条件（已设 1 项）' }).waitFor()
  await look(page, 'members-filtered')

  await page.getByRole('button', { name: '清除条件' }).first().click()
  await choose(page, /^党组织/, /财务管理部党支部/, '财务')
  await page.getByText('蜀岭航空产业集团财务管理部党支部有哪些人？').waitFor()
  await page.getByLabel('姓名或号码末位').fill('没有此人')
  await page.getByRole('heading', { name: '没有符合条件的人员' }).waitFor()
  await look(page, 'members-none')
  await page.getByRole('button', { name: '清除条件' }).last().click()
  await page.getByText(`共 ${total} 人，号码均已脱敏`).waitFor()
})

test('the roster is downloaded after it was said that this is recorded', async () => {
  await page.getByLabel('姓名或号码末位').fill(someone.name)
  const found = await ask(page, `/api/members?q=${encodeURIComponent(someone.name)}`)
  await page.getByText(`共 ${found.total} 人，号码均已脱敏`).waitFor()
  await page.getByRole('button', { name: '导出名册' }).click()
  await dialog('导出名册').getByText('已脱敏').waitFor()
  await look(page, 'members-export')
  const [download] = await Promise.all([page.waitForEvent('download'), dialog('导出名册').getByRole('button', { name: '导出名册' }).click()])
  assert.match(download.suggestedFilename(), /^党员.*\.xlsx$/)
  assert.ok(statSync(await download.path()).size > 1000)
})

test('numbers are shown in full for a reason, which then stands among those who looked', async () => {
  await open(someone)
  await look(page, 'member')
  await page.setViewportSize(PHONE)
  for (const tab of await page.getByRole('tab').all()) {
    const { x, width } = await tab.boundingBox()
    assert.ok(x >= 0 && x + width <= PHONE.width, `${await tab.innerText()} is in sight on the phone`)
  }
  await page.setViewportSize(DESK)
  await page.getByRole('button', { name: '查看完整号码' }).click()
  const form = dialog('查看完整号码')
  await form.getByLabel('事由').fill('核对')
  await form.getByRole('button', { name: '查看完整号码' }).click()
  await form.getByText('请写明事由，至少 4 个字').waitFor()
  await look(page, 'member-reveal')
  await withReason(form, '查看完整号码', '办理组织关系介绍信')
  await page.getByText(/^\d{17}[\dX]$/).waitFor()
  await look(page, 'member-revealed')
  await page.getByRole('button', { name: '遮住完整号码' }).click()
  assert.equal(await page.getByText(/^\d{17}[\dX]$/).count(), 0)
  await page.getByRole('tab', { name: '查看记录' }).click()
  await page.getByText('事由：办理组织关系介绍信').waitFor()
  await look(page, 'member-views')
})

test('an edit says beside the field what is wrong, then is kept with its reason', async () => {
  await open(someone)
  await page.getByRole('button', { name: '修改档案' }).click()
  const form = page.locator('form.card')
  await form.getByLabel('联系电话').fill('12345')
  await form.getByLabel(/^事由/).fill('本人提供的新号码')
  await form.getByRole('button', { name: '保存修改' }).click()
  await fieldOf(form, '联系电话').getByRole('alert').waitFor()
  assert.equal(await form.getByLabel('联系电话').inputValue(), '12345')
  await look(page, 'member-edit-refused')
  await form.getByLabel('联系电话').fill('')
  await form.getByLabel('行政职务').fill('高级主管')
  await form.getByRole('button', { name: '保存修改' }).click()
  await page.getByText('已保存').waitFor()
  await page.getByText('高级主管').waitFor()
  await page.getByRole('tab', { name: '修改记录' }).click()
  await page.getByText('事由：本人提供的新号码').waitFor()
  await look(page, 'member-history')
})

test('two at one dossier: the second is told, sees the change and keeps what was typed', async () => {
  const secretary = await site.page('secretary')
  await open(someone, secretary)
  await secretary.getByRole('button', { name: '修改档案' }).click()
  const theirs = secretary.locator('form.card')
  await theirs.getByLabel('籍贯').fill('四川绵阳')
  await theirs.getByLabel(/^事由/).fill('按档案核对籍贯')

  await open(someone)
  await page.getByRole('button', { name: '修改档案' }).click()
  const form = page.locator('form.card')
  await form.getByLabel('行政职务').fill('副经理')
  await form.getByLabel(/^事由/).fill('岗位调整')
  await form.getByRole('button', { name: '保存修改' }).click()
  await page.getByText('已保存').waitFor()

  await theirs.getByRole('button', { name: '保存修改' }).click()
  const notice = theirs.getByText('这期间有人修改过')
  await notice.waitFor()
  await theirs.getByRole('listitem').filter({ hasText: /行政职务：高级主管 改为 副经理/ }).waitFor()
  assert.equal(await theirs.getByLabel('籍贯').inputValue(), '四川绵阳')
  assert.equal(await theirs.getByLabel('行政职务').inputValue(), '副经理')
  await notice.scrollIntoViewIfNeeded()
  await look(secretary, 'member-stale')
  await theirs.getByRole('button', { name: '保存修改' }).click()
  await secretary.getByText('已保存').waitFor()
  const now = await ask(page, `/api/members/${someone.id}`)
  assert.deepEqual([now.native_place, now.admin_post], ['四川绵阳', '副经理'])
})

test('papers go up and come down unchanged; what is no paper is refused in words', async () => {
  const { items } = await ask(page, '/api/members?limit=30')
  const files = await Promise.all(items.map(one => ask(page, `/api/members/${one.id}/files`)))
  await open(items.find((_, n) => files[n].items.length === 0))
  await page.getByRole('tab', { name: '材料' }).click()
  await page.getByText('还没有材料').waitFor()
  await look(page, 'member-files-none')
  const paper = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
  const chooser = page.locator('input[type=file]')
  await chooser.setInputFiles({ name: '入党志愿书.pdf', mimeType: 'application/pdf', buffer: paper })
  await page.getByRole('button', { name: '下载 入党志愿书.pdf' }).waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载 入党志愿书.pdf' }).click()])
  assert.equal(download.suggestedFilename(), '入党志愿书.pdf')
  assert.deepEqual(readFileSync(await download.path()), paper)
  await chooser.setInputFiles({ name: '程序.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ\x90\x00') })
  await page.getByRole('alert').waitFor()
  await look(page, 'member-files')
})

test('a new member: what is missing is named first, a wrong number stands beside its field', async () => {
  await page.goto(`${site.origin}/members`)
  await page.getByRole('link', { name: '登记党员' }).click()
  await page.getByRole('heading', { level: 1, name: '登记党员' }).waitFor()
  const form = page.locator('form.card')
  await form.getByRole('button', { name: '登记', exact: true }).click()
  await fieldOf(form, '所在党支部').getByRole('alert').waitFor()
  await look(page, 'member-new-missing')
  await choose(form, '所在党支部', /财务管理部党支部/, '财务')
  await form.getByLabel(/^姓名/).fill('欧阳春晓')
  await form.getByLabel('公民身份号码').fill('510104199903071231')
  await fieldOf(form, '公民身份号码').getByRole('alert').waitFor()
  await form.getByLabel('公民身份号码').fill(identity('1999-03-07', 122))
  assert.equal(await form.getByLabel('出生日期').inputValue(), '1999-03-07')
  await choose(form, '人员类别', '预备党员')
  await form.getByLabel('申请入党时间').fill('2022-05')
  await form.getByLabel(/^入党时间/).fill('2026-06-20')
  await form.getByLabel(/^事由/).fill('2026年6月接收的预备党员')
  await look(page, 'member-new')
  await form.getByRole('button', { name: '登记', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: '欧阳春晓' }).waitFor()
  await page.getByText('2022年5月').waitFor()
  await look(page, 'member-made')

  await page.goto(`${site.origin}/members/new`)
  await choose(form, '所在党支部', /工会党支部/, '工会')
  await form.getByLabel(/^姓名/).fill('欧阳春晓')
  await form.getByLabel('公民身份号码').fill(identity('1999-03-07', 122))
  await choose(form, '人员类别', '入党积极分子')
  await form.getByLabel(/^事由/).fill('重复登记的尝试')
  await form.getByRole('button', { name: '登记', exact: true }).click()
  await fieldOf(form, '公民身份号码').getByRole('alert').waitFor()
  await look(page, 'member-new-twice')
})

test('whoever leaves is no longer counted; the dossier stays and is only read', async () => {
  const { items: [leaver] } = await ask(page, `/api/members?q=${encodeURIComponent('欧阳春晓')}`)
  await open(leaver)
  await page.getByRole('button', { name: '调出或离开' }).click()
  const form = dialog('调出或离开')
  await choose(form, '离开方式', /^转出到系统外/)
  await look(page, 'member-leave')
  await withReason(form, '登记离开', '调往外省工作，介绍信已开')
  await page.getByText('已转出').first().waitFor()
  for (const name of ['修改档案', '发起接转', '调出或离开', '发放认证码']) assert.equal(await page.getByRole('button', { name }).count(), 0, name)
  await page.setViewportSize(DESK)
  await look(page, 'member-left')
  assert.equal((await ask(page, `/api/members?q=${encodeURIComponent('欧阳春晓')}`)).total, 0)
})

test('a supervisor reads dossiers and changes none', async () => {
  const other = await site.page('supervisor')
  await other.goto(`${site.origin}/members`)
  await other.getByText('号码均已脱敏').waitFor()
  assert.equal(await other.getByRole('link', { name: '登记党员' }).count(), 0)
  await open(someone, other)
  for (const name of ['修改档案', '发起接转', '调出或离开', '发放认证码', '查看完整号码']) assert.equal(await other.getByRole('button', { name }).count(), 0, name)
  await look(other, 'member-supervisor')
  const refused = await other.evaluate(async ({ id, csrf }) => {
    const answer = await fetch(`/api/members/${id}`, { method: 'PATCH', headers: { 'content-type': 'application/json', 'x-csrf-token': csrf }, body: JSON.stringify({ version: 1, on: '2026-11-24', reason: '越权的修改', fields: { native_place: '北京' } }) })
    return answer.status
  }, { id: someone.id, csrf: (await ask(other, '/api/session')).csrf })
  assert.equal(refused, 403)
})

test('a secretary sees the own branch only', async () => {
  const other = await site.page('secretary')
  await other.goto(`${site.origin}/members`)
  await other.getByText('号码均已脱敏').waitFor()
  const mine = await ask(other, '/api/members?limit=200')
  assert.ok(mine.total < 60)
  assert.equal(new Set(mine.items.map(({ org_id }) => org_id)).size, 1)
  const stranger = (await ask(page, `/api/members?limit=200`)).items.find(({ org_id }) => org_id !== mine.items[0].org_id)
  await other.goto(`${site.origin}/members/${stranger.id}`)
  await other.getByText('没有读到内容').waitFor()
  assert.ok(!(await other.locator('main').innerText()).includes(stranger.name))
  await look(other, 'member-not-mine')
})
