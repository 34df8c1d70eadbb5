// 发展党员: a new branch secretary takes an applicant from the application to full membership through all twenty-five steps, the superior's
// steps taken by staff, the clock moved on. Wrong orders and too-early days are refused on the way.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { ask, choose, demo, look, signIn, withReason } from './site.mjs'

const PASSWORD = 'zhibu-shuji-2026'
const APPLICANT = { name: '欧阳晓晨' }
let site
let secretary
let staff
let branch
let steps
let file
/** Full members who may be chosen; the first is the secretary, who may talk to applicants. */
let members
let voters

/** With the check digit of an identity number (GB 11643). */
function identity(first17) {
  const sum = [...first17].reduce((total, digit, i) => total + Number(digit) * [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][i], 0)
  return first17 + '10X98765432'[sum % 11]
}
async function post(page, path, body) {
  return page.evaluate(async ([to, sent]) => {
    const { csrf } = await (await fetch('/api/session')).json()
    const answer = await fetch(to, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify(sent) })
    return { status: answer.status, body: await answer.json().catch(() => null) }
  }, [path, body])
}

before(async () => {
  site = await demo({ members: 800 })
  staff = await site.page('staff')
  const old = await site.page('secretary')
  branch = (await ask(old, '/api/session')).roles[0]
  const posts = (await ask(staff, `/api/orgs/${branch.org_id}`)).posts
  const found = await ask(staff, `/api/members?org=${branch.org_id}&stage=full&limit=200`)
  voters = found.total
  const lead = posts.find(({ post }) => post === 'secretary').person_name
  members = [lead, ...found.items.map(({ name }) => name).filter(name => name !== lead)]

  const security = await site.page('secadmin')
  const made = await post(security, '/api/accounts', { login: 'xinshuji', display_name: '新任书记' })
  await post(security, `/api/accounts/${made.body.id}/grants`, { role: 'secretary', org_id: branch.org_id })
  secretary = await site.page()
  await signIn(secretary, site.origin, 'xinshuji', made.body.password)
  await secretary.getByLabel('现在的密码').fill(made.body.password)
  await secretary.getByLabel(/^新密码/).fill(PASSWORD)
  await secretary.getByLabel('再输一次新密码').fill(PASSWORD)
  await secretary.getByRole('button', { name: '修改密码' }).click()
  await secretary.waitForURL(url => url.pathname !== '/password')
  steps = (await ask(secretary, '/api/development/steps')).items.flatMap(stage => stage.steps)
})
after(() => site?.stop())

/** A part of the walk; the parts after one that failed have nothing to stand on. */
let broken = false
const part = (name, walk) =>
  test(name, async () => {
    assert.ok(!broken, 'an earlier part of the walk failed')
    broken = true
    await walk()
    broken = false
  })
const page = n => (steps[n - 1].actor === 'superior' ? staff : secretary)
const button = '完成这一步'
const heading = (at, n) => at.getByRole('heading', { level: 2, name: steps[n - 1].name, exact: true })

/** Opens the case at the step to be taken now. */
async function openCase(at, n) {
  await at.goto(`${site.origin}/development/${file}`)
  await heading(at, n).waitFor()
}

/** A field by its whole label. */
const labelled = label => new RegExp(`^${label}(（必填）)?$`)

async function fillField(at, info, value) {
  if (info.kind === 'vote') {
    const group = at.getByRole('group', { name: new RegExp(info.label) })
    for (const [label, number] of Object.entries(value)) await group.getByLabel(label, { exact: true }).fill(String(number))
  } else if (info.kind === 'persons') {
    for (const name of value) {
      await choose(at, labelled(info.label), new RegExp(`^${name}`), name)
    }
    await at.keyboard.press('Escape')
  } else if (info.kind === 'choice' || info.kind === 'org') await choose(at, labelled(info.label), value)
  else await at.getByLabel(labelled(info.label)).fill(String(value))
}

/** Puts in every paper that is still missing: generated ones as PDF, the others as a photograph. */
async function putPapers(at) {
  // What is needed on the day filled in is known a moment after it was filled in.
  await at.waitForTimeout(800)
  await at.waitForLoadState('networkidle')
  const papers = at.getByRole('region', { name: '材料' }).getByRole('listitem').filter({ hasText: '还缺' }).filter({ has: at.getByRole('button', { name: /^上传/ }) })
  for (let left = await papers.count(); left; left = await papers.count()) {
    const paper = papers.first()
    const generated = paper.getByRole('button', { name: /^生成 PDF/ })
    const upload = paper.getByRole('button', { name: /^上传/ })
    const name = (await upload.getAttribute('aria-label')).slice(2)
    let content = { name: `${name}.png`, mimeType: 'image/png', buffer: await at.screenshot({ clip: { x: 0, y: 0, width: 200, height: 280 } }) }
    if (await generated.count()) {
      const [saved] = await Promise.all([at.waitForEvent('download'), generated.click()])
      content = { name: saved.suggestedFilename(), mimeType: 'application/pdf', buffer: readFileSync(await saved.path()) }
    }
    await upload.click()
    await upload.locator('xpath=ancestor::section[1]').locator('input[type=file]').setInputFiles(content)
    for (let tries = 0; tries < 100 && (await papers.count()) >= left; tries++) await at.waitForTimeout(100)
  }
}

/** Fills in the present step and takes it. */
async function take(n, on, values = {}) {
  const at = page(n)
  const step = steps[n - 1]
  await openCase(at, n)
  await at.getByLabel(labelled(step.on_label)).fill(on)
  for (const info of step.fields) if (values[info.key] !== undefined) await fillField(at, info, values[info.key])
  await putPapers(at)
  await at.getByRole('button', { name: button }).click()
  if (n < 25) await heading(at, n + 1).waitFor()
}

const counts = favour => ({ 应到会有表决权人数: voters, 到会有表决权人数: voters - 1, 会前书面意见: 0, 赞成: favour, 不赞成: voters - 1 - favour, 弃权: 0 })

part('the page explains the five stages, and an under-age applicant is refused beside the field', async () => {
  await secretary.goto(`${site.origin}/development`)
  await secretary.getByRole('heading', { level: 1, name: '发展党员' }).waitFor()
  await look(secretary, 'development-board')
  await secretary.getByRole('button', { name: '登记入党申请' }).first().click()
  const form = secretary.getByRole('dialog', { name: '登记入党申请' })
  await form.getByLabel(/^收到申请书的日期/).fill('2026-11-24')
  await form.getByLabel(/^姓名/).fill(APPLICANT.name)
  await form.getByLabel(/^公民身份号码/).fill(identity('51010420091125002'))
  await form.getByLabel(/^联系电话/).fill('16000009999')
  await choose(form, /^民族/, '汉族', '汉')
  await choose(form, /^学历/, /本科/)
  await form.getByRole('button', { name: '登记入党申请' }).click()
  await form.getByText(/18 周岁/).last().waitFor()
  await look(secretary, 'development-under-age')
  await form.getByLabel(/^公民身份号码/).fill(identity('51010419960315002'))
  await form.getByLabel(/^出生日期/).fill('1996-03-15')
  await form.getByRole('button', { name: '登记入党申请' }).click()
  await secretary.getByRole('heading', { level: 1, name: `${APPLICANT.name}的发展党员卷宗` }).waitFor()
  file = new URL(secretary.url()).pathname.split('/').pop()
})

part('stage one: the application and the talk', async () => {
  await openCase(secretary, 1)
  await look(secretary, 'case-first-step')
  await secretary.getByText(/还差：.*入党申请书/).waitFor()
  await take(1, '2026-11-24')
  // Dated before the application: refused on the spot.
  await secretary.getByLabel(/^谈话日期/).fill('2026-11-23')
  await secretary.getByText(/不能早于/).first().waitFor()
  // Nobody skips a step, by no way: the third step cannot be taken yet.
  const skipped = await post(secretary, `/api/development/${file}/steps/3`, { version: 2, on: '2026-11-24', values: {} })
  assert.equal(skipped.status, 422)
  await take(2, '2026-11-24', { talkers: [members[0]], summary: '谈了入党动机和对党的认识，要求上进。' })
})

part('stage two: chosen, filed by the superior, mentors, reviews every half-year', async () => {
  await site.moveTo('2026-12-10')
  await take(3, '2026-12-10', { way: '党员推荐', body: await committee(), result: '同意确定为入党积极分子', opinion: '表现突出。' })
  await openCase(secretary, 4)
  await secretary.getByText('由上级党委办理', { exact: true }).waitFor()
  assert.ok(await secretary.getByRole('button', { name: button }).isDisabled())
  await look(secretary, 'case-superior-step')
  await take(4, '2026-12-10', { result: '予以备案' })
  await take(5, '2026-12-10', { mentors: members.slice(1, 3) })
  await site.moveTo('2027-06-09')
  await take(6, '2027-06-08', { conclusion: '表现好，继续培养', opinion: '学习认真，工作踏实。' })
})

part('a year of cultivation cannot be shortened, and a second review is noted', async () => {
  await site.moveTo('2027-12-06')
  await openCase(secretary, 7)
  await secretary.getByText(/最早 2027年12月10日 才能办理/).waitFor()
  assert.ok(await secretary.getByRole('button', { name: button }).isDisabled())
  await look(secretary, 'case-too-early')
  await secretary.getByRole('button', { name: '培养教育考察' }).click()
  await secretary.getByRole('button', { name: '再记一次' }).click()
  await secretary.getByLabel(/^考察日期/).fill('2027-12-06')
  await choose(secretary, /^考察结论/, '表现好，继续培养')
  await secretary.getByLabel(/^考察意见/).fill('进步明显。')
  await putPapers(secretary)
  await secretary.getByRole('button', { name: '记下这一次' }).click()
  await secretary.getByText('已记下').waitFor()
  await look(secretary, 'case-review-again')
})

part('stage three: candidate, sponsors, political review, training', async () => {
  await site.moveTo('2027-12-20')
  await take(7, '2027-12-10', { opinions: '党小组、联系人、党员、群众均同意。', body: await committee(), result: '同意列为发展对象', notice_from: '2027-12-13', notice_until: '2027-12-17', notice_result: '没有收到反映' })
  await take(8, '2027-12-20', { result: '同意列为发展对象' })
  // The mentors stand there already as sponsors.
  await take(9, '2027-12-20', { way: '由培养联系人担任' })
  await take(10, '2027-12-20', { mobile: '不是', conclusion: '合格', summary: '本人和主要亲属政治清白。' })
  await site.moveTo('2028-01-20')
  await take(11, '2028-01-14', { trained: '已培训结业', organiser: '集团党委', from: '2028-01-12', days: 3, hours: 24 })
})

part('stage four: reviewed, the form, the vote on 29 February, talk and approval', async () => {
  await site.moveTo('2028-02-10')
  await take(12, '2028-02-08', { opinions: '党员、群众均同意。', body: await committee(), result: '合格，报上级预审' })
  await take(13, '2028-02-10', { leaving: '不会离开', result: '合格，发给入党志愿书', opinion: '材料齐全。' })
  await take(14, '2028-02-10')
  await site.moveTo('2028-02-29')
  // Exactly half of those who should come is no majority: the counts are refused.
  await openCase(secretary, 15)
  await fillField(secretary, steps[14].fields.find(({ kind }) => kind === 'vote'), { ...counts(1), 到会有表决权人数: Math.floor(voters / 2), 赞成: 1, 不赞成: Math.floor(voters / 2) - 1 })
  await secretary.getByText(/没有过半数，不能开会/).waitFor()
  await secretary.getByRole('alert').filter({ hasText: 'VOTE-01' }).first().waitFor()
  await look(secretary, 'case-vote-refused')
  await take(15, '2028-02-29', { vote: counts(voters - 2), ballot: '无记名投票', place: '三楼会议室', host: [members[0]], summary: '同意接收。' })
  await site.moveTo('2028-03-20')
  await take(16, '2028-03-15', { talker: '组织员 王和平', opinion: '认识端正。' })
  await take(17, '2028-03-20', { decision: '批准为预备党员', opinion: '同意。' })
  await take(18, '2028-03-20', { filed_with: '上级党委组织部' })
  assert.equal((await person()).stage, 'probationary')
})

part('stage five: placed, sworn in, a leap year’s probation runs to 1 March, converted, archived', async () => {
  const groups = (await ask(secretary, `/api/development/${file}`)).now.orgs
  await site.moveTo('2028-04-10')
  await take(19, '2028-04-08', groups.length ? { group: groups[0].name } : {})
  await take(20, '2028-04-10', { place: '红色教育基地', leader: members[0] })
  await openCase(secretary, 21)
  await secretary.getByText(/还有 \d+ 天期满/).waitFor()
  await look(secretary, 'case-probation')
  await site.moveTo('2028-09-01')
  await take(21, '2028-09-01', { conclusion: '表现好', opinion: '履行义务好。' })
  await site.moveTo('2029-02-28')
  await openCase(secretary, 22)
  await secretary.getByText(/最早 2029年3月1日 才能办理/).waitFor()
  await site.moveTo('2029-03-20')
  await take(22, '2029-03-01')
  await take(23, '2029-03-09', { decision: '按期转为正式党员', vote: counts(voters - 1), ballot: '无记名投票', summary: '同意按期转正。' })
  await take(24, '2029-03-20', { decision: '批准支部大会的决议' })
  await openCase(secretary, 25)
  await take(25, '2029-03-20', { kept_at: '集团人力资源部档案室' })
  await secretary.getByText('已转正归档').first().waitFor()
  await look(secretary, 'case-finished')
  const now = await person()
  assert.deepEqual([now.stage, now.joined_on, now.full_on], ['full', '2028-02-29', '2029-03-01'])
})

part('the whole case is one volume', async () => {
  await openCaseDone()
  const [saved] = await Promise.all([secretary.waitForEvent('download'), secretary.getByRole('button', { name: '整卷导出 PDF' }).click()])
  const said = execFileSync('pdfinfo', [await saved.path()], { encoding: 'utf8' })
  const pages = Number(/Pages:\s+(\d+)/.exec(said)[1])
  assert.ok(pages >= 50, `${pages} pages`)
  const text = execFileSync('pdftotext', [await saved.path(), '-'], { encoding: 'utf8' })
  assert.ok(text.includes(APPLICANT.name) && text.includes('材料归档'), 'the volume names the person and the last step')
})

part('a step is taken back with a reason, which the case keeps', async () => {
  await openCaseDone()
  await secretary.getByRole('button', { name: '退回上一步' }).click()
  await withReason(secretary.getByRole('dialog', { name: '退回上一步' }), '退回', '存放地点登记错了')
  await heading(secretary, 25).waitFor()
})

const openCaseDone = async () => {
  await secretary.goto(`${site.origin}/development/${file}`)
  await secretary.getByRole('heading', { level: 1, name: `${APPLICANT.name}的发展党员卷宗` }).waitFor()
}
const person = async () => ask(secretary, `/api/members/${(await ask(secretary, `/api/development/${file}`)).person_id}`)
/** Which meeting decides in this branch: it depends on whether it has a committee. */
const committee = async () => {
  const posts = (await ask(secretary, `/api/orgs/${branch.org_id}`)).posts
  return posts.length > 1 ? '支部委员会会议' : '支部党员大会'
}
