// A year of organisation life: a new secretary adopts the year's plan in January, does each month what 待办 asks for, and has the work book in
// December. One of each kind of activity goes through the pages; equal repetitions go through the calls that the pages make, to save minutes.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ask, choose, demo, DESK, look, signIn } from './site.mjs'

const OUT = new URL('./out/', import.meta.url).pathname
const YEAR = 2027
/** Every branch day of the walk: late enough for 待办 to ask for the month. */
const dayOf = month => `${YEAR}-${String(month).padStart(2, '0')}-25`

let site
let page
let org
before(async () => {
  site = await demo({ members: 800 })
  await site.moveTo(`${YEAR}-01-04`)
  page = await site.page('secretary')
  org = (await ask(page, '/api/session')).roles[0].org_id
})
after(() => site?.stop())

/** Each part of the year builds on the one before: the first that fails ends the walk. */
let broken = false
function part(name, walk) {
  test(name, { timeout: 300_000 }, async t => {
    if (broken) return t.skip('an earlier part failed')
    broken = true
    await walk()
    broken = false
  })
}
const home = async () => {
  await page.setViewportSize(DESK)
  await page.goto(site.origin)
  if (new URL(page.url()).pathname === '/login') await signIn(page, site.origin, 'secretary')
  await page.getByRole('heading', { level: 1, name: '待办' }).waitFor()
}
const moveTo = async day => {
  await site.moveTo(day)
  await home()
}
/** The thing to do that names `what`; months of one kind that are late stand together under the oldest. */
const asked = what => page.getByRole('list', { name: '要办的事，按期限先后' }).getByRole('listitem').filter({ hasText: what }).first()
const duties = () => ask(page, `/api/duties/year?org=${org}&year=${YEAR}`)
const fold = name => page.locator('details').filter({ has: page.getByRole('heading', { level: 2, name }) })

/** The lists of options have closed, so that the next one is not taken for the last. */
const closed = () => page.getByRole('option').filter({ visible: true }).first().waitFor({ state: 'hidden' })
const pick = async (...what) => {
  await choose(...what)
  await closed()
}

/** A call as the page makes it. */
async function call(method, path, body) {
  const { csrf } = await ask(page, '/api/session')
  const { ok, answer } = await page.evaluate(async ([how, to, data, token]) => {
    const reply = await fetch(to, { method: how, headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token }, body: JSON.stringify(data) })
    return { ok: reply.ok, answer: await reply.text() }
  }, [method, path, body, csrf])
  assert.ok(ok, `${path} ${JSON.stringify(body)}: ${answer}`)
  return answer ? JSON.parse(answer) : null
}
const post = (path, body) => call('POST', path, body)

/** Holds a planned meeting through the calls: place and people, notice, roll, minutes, archive. */
async function holdByCalls({ id }) {
  let meeting = await ask(page, `/api/meetings/${id}`)
  const step = async (step, more = {}) => {
    meeting = await post(`/api/meetings/${id}/steps`, { version: meeting.version, step, ...more })
  }
  if (meeting.state === 'planned') {
    const { plan } = meeting
    const { called } = await ask(page, `/api/meetings/form?org=${org}&activities=${plan.activities.map(({ key }) => key).join(',')}`)
    meeting = await call('PUT', `/api/meetings/${id}/plan`, {
      version: meeting.version, activities: plan.activities.map(({ key }) => key), title: plan.title, on: plan.on, at: '09:00', place: '会议室', guests: '', remote: false, invited: [],
      host: called[0].person_id, recorder: called[1].person_id, learning_tenths: plan.learning_tenths,
    })
    await step('agenda', { items: plan.activities.map(({ key, name }) => ({ title: name, activity: key, notes: '' })) })
    await step('notice')
  }
  await step('open', { from: '09:00' })
  meeting = await post(`/api/meetings/${id}/roll`, { entries: meeting.attendees.filter(one => one.part === 'expected').map(({ person_id }) => ({ person_id, come: 'present' })), reason: '当场点名' })
  await step('agenda', { items: meeting.items.map(item => ({ ...item, notes: '与会同志逐一发言，形成一致意见。' })) })
  if (meeting.plan.activities.some(({ key }) => ['members_meeting', 'committee_meeting'].includes(key))) await step('no_resolution', { none: true })
  await step('close', { to: '11:00' })
  await step('confirm', { reason: meeting.is_host ? null : '主持人没有账号，已当面核对' })
  await step('archive')
}

/** Who talks with whom, chosen by name: the first two of the branch; one leads the talk, the other writes it down. */
async function choosePair(form) {
  const { called } = await ask(page, `/api/meetings/form?org=${org}&activities=members_meeting`)
  const pair = called.slice(0, 2).map(({ name }) => name)
  const field = form.getByRole('combobox', { name: '参加人员' })
  for (const name of pair) {
    await field.fill(name)
    await page.getByRole('option', { name: new RegExp(`^${name}`) }).filter({ visible: true }).first().click()
  }
  await form.getByLabel('会议名称').click()
  await closed()
  for (const [at, office] of ['主持人', '记录人'].entries()) await pick(form, office, pair[at], pair[at])
}

/** Holds on the pages the meeting that 待办 asks for, and what else it fulfils: its button, the form, notice, roll, minutes, archive. */
async function holdFromDuty(what, ...also) {
  await home()
  await asked(what).getByRole('button').last().click()
  const form = page.getByRole('dialog', { name: '计划会议' })
  const kind = name => form.getByRole('checkbox', { name })
  await kind(what).waitFor({ state: 'attached' })
  assert.ok(await kind(what).isChecked(), `${what} stands in the form`)
  for (const other of also) await kind(other).press(' ')
  await form.getByLabel('开会时间').fill('14:00')
  await form.getByLabel('地点').fill('党员活动室')
  await form.getByLabel('议题').fill([what, ...also].join('\n'))
  const { called, circle } = await ask(page, `/api/meetings/form?org=${org}&activities=${new URL(page.url()).searchParams.get('new')}`)
  if (circle === 'chosen') await choosePair(form)
  else {
    await form.getByText(/应到 \d+ 人/).waitFor()
    await pick(form, '记录人', called.at(-1).name, called.at(-1).name)
  }
  await form.getByRole('button', { name: '计划并发出通知' }).click()
  await page.waitForURL(/\/meetings\/\d+$/)
  await fold('开会').getByLabel('开会时间').fill('14:00')
  await fold('开会').getByRole('button', { name: '开会', exact: true }).click()
  const roll = fold('签到')
  await roll.getByRole('link', { name: /投到大屏/ }).waitFor()
  await roll.getByRole('button', { name: /全选未登记的/ }).click()
  await roll.getByText(/已选 \d+ 人/).waitFor()
  await roll.getByLabel('原因').fill('当场点名')
  await roll.getByRole('button', { name: '登记到会' }).press('Enter')
  await roll.getByText('未登记', { exact: true }).first().waitFor({ state: 'hidden' })
  const items = fold('议程与表决').getByRole('listitem')
  for (const [at, name] of [what, ...also].entries()) {
    await page.getByLabel(`议题 ${at + 1} 的发言要点`).fill('与会同志逐一发言，形成一致意见。')
    if (also.length) await pick(items.nth(at), '属于哪一项', name)
  }
  const record = page.locator('#record')
  await record.getByLabel('散会时间').fill('16:00')
  await record.getByRole('button', { name: '散会' }).click()
  await record.getByText(/记录已齐|归档前还缺/).first().waitFor()
  const unresolved = page.getByRole('checkbox', { name: '本次会议没有决议' })
  if (await unresolved.count()) await unresolved.press(' ')
  await record.getByText('记录已齐').waitFor().catch(async () => assert.fail(await record.innerText()))
  if (await record.getByLabel('代为确认的原因').count()) await record.getByLabel('代为确认的原因').fill('主持人没有账号，已当面核对')
  await record.getByRole('button', { name: '确认记录' }).click()
  await record.getByRole('button', { name: '归档' }).click()
  await record.getByText('会议已归档').waitFor()
}

/** The dues of a month through the calls: drawn up, all booked, handed up. */
async function collectByCalls(month, on) {
  const sheetOf = () => ask(page, `/api/dues/month?org_id=${org}&month=${month}`)
  if (!(await sheetOf()).statement) await post('/api/dues/statements', { org_id: org, month })
  let sheet = await sheetOf()
  const lines = sheet.lines.filter(({ state }) => state === 'open').map(({ id, version }) => ({ id, version }))
  if (lines.length) await post('/api/dues/payments', { org_id: org, lines, on, way: 'cash' })
  sheet = await sheetOf()
  await post(`/api/dues/statements/${sheet.statement.id}/hand-up`, { version: sheet.statement.version, on })
}

part('January: the year is proposed by the rules, moved to the branch\'s fixed day and adopted', async () => {
  await home()
  await look(page, 'year-workbench-january')
  await page.setViewportSize(DESK)
  await page.goto(`${site.origin}/meetings?org=${org}`)
  await page.getByRole('button', { name: '按规定生成全年计划' }).first().click()
  const drawer = page.getByRole('dialog', { name: /会议计划/ })
  await drawer.getByRole('button', { name: /采用这 \d+ 次会议/ }).waitFor()
  // The branch meets on the 25th; the first of each kind is planned later, from 待办.
  const kinds = new Set()
  for (const row of await drawer.getByRole('listitem').all()) {
    const title = await row.innerText()
    const month = Number((await row.getByRole('textbox').inputValue()).split('-')[1])
    const fresh = ['支部委员会', '党课', '支部党员大会', '组织生活会', '谈心谈话'].filter(kind => title.includes(kind) && !kinds.has(kind))
    if (fresh.length) {
      fresh.forEach(kind => kinds.add(kind))
      await row.getByRole('checkbox').press(' ')
    } else await row.getByRole('textbox').fill(dayOf(month))
  }
  assert.equal(kinds.size, 5)
  await look(page, 'year-plan')
  await page.setViewportSize(DESK)
  await drawer.getByRole('button', { name: /采用这 \d+ 次会议/ }).click()
  await page.getByText(/已计划 \d+ 次会议/).waitFor()
})

/** Collects the dues of the month on the pages, from the button of 待办. */
async function collectFromDuty(what) {
  await home()
  await asked(what).getByRole('button').last().click()
  await page.getByRole('button', { name: '生成本月应交' }).click()
  await page.getByRole('checkbox', { name: '选中全部未交的' }).press(' ')
  await page.getByRole('button', { name: /^记账：\d+ 人/ }).click()
  await page.getByText('已交清').first().waitFor()
  await page.getByRole('button', { name: '上缴党费' }).click()
  const form = page.getByRole('dialog', { name: '上缴党费' })
  await form.getByRole('button', { name: '上缴', exact: true }).click()
  await form.waitFor({ state: 'hidden' })
}

/** What 待办 asks for in a month beyond the meetings that stand in the plan; what one meeting fulfils together stands in one list. */
const FROM_DUTIES = {
  1: [['支部委员会会议'], ['主题党日']],
  2: [['主题党日']],
  3: [['支部党员大会'], ['党课']],
  11: [['谈心谈话']],
  12: [['组织生活会', '民主评议党员', '主题党日']],
}
for (let month = 1; month <= 12; month += 1) {
  part(`month ${month}: what 待办 asks for is done`, async () => {
    const day = dayOf(month)
    await moveTo(day)
    const { items } = await ask(page, `/api/meetings?org=${org}&state=planned&from=${day}&to=${day}&limit=50`)
    for (const meeting of items.filter(one => one.org_id === org)) await holdByCalls(meeting)
    for (const activities of FROM_DUTIES[month] ?? []) await holdFromDuty(...activities)
    if (month === 1) {
      for (const late of ['2026-11', '2026-12']) await collectByCalls(late, day)
      await collectFromDuty('收缴2027年1月党费')
    } else await collectByCalls(day.slice(0, 7), day)
    const open = (await duties()).items.filter(({ status, due }) => due < dayOf(month + 1) && !['done', 'excused'].includes(status))
    assert.deepEqual(open.map(({ title, status }) => `${title} ${status}`), [])
  })
}

part('the last day of the year: every duty is done, and 待办 has nothing late of the branch', async () => {
  await moveTo(`${YEAR}-12-31`)
  const { items } = await duties()
  assert.ok(items.length > 40, `${items.length} duties`)
  assert.deepEqual(items.filter(({ status, was_late, due }) => status !== 'done' || (was_late && due > `${YEAR}-01-01`)).map(({ title, status }) => `${title} ${status}`), [])
  await page.getByRole('list', { name: '要办的事，按期限先后' }).waitFor()
  assert.deepEqual(await page.getByRole('listitem').filter({ hasText: /MEET-|DUES-/ }).allInnerTexts(), [])
  await look(page, 'year-workbench-december')
  await page.setViewportSize(DESK)
  await page.goto(`${site.origin}/life?org=${org}`)
  await page.getByRole('heading', { name: '全年安排' }).waitFor()
  await page.getByText(`已办 ${items.length} 项`).first().waitFor()
  await look(page, 'year-life')
  await page.setViewportSize(DESK)
  await page.getByRole('heading', { name: '全年安排' }).evaluate(heading => heading.scrollIntoView())
  await look(page, 'year-calendar')
})

part('the work book shows the year, and is taken as Word and PDF', async () => {
  await page.setViewportSize(DESK)
  await page.getByRole('navigation', { name: '栏目' }).getByRole('link', { name: '工作手册' }).click()
  await page.getByRole('heading', { level: 1, name: '支部工作手册' }).waitFor()
  const held = { 支部党员大会: 4, 支部委员会会议: 12, 党课: 4, 主题党日: 12, 组织生活会: 1, 民主评议党员: 1, 谈心谈话: 1 }
  const book = await ask(page, `/api/workbooks/${org}/${YEAR}`)
  const summary = book.sections.find(({ key }) => key === 'summary')
  for (const [what, times] of Object.entries(held)) {
    const row = page.getByRole('region', { name: summary.title, exact: true }).getByRole('row').filter({ hasText: what })
    await row.waitFor()
    assert.equal(await row.getByRole('cell').nth(1).innerText(), String(times), what)
  }
  await look(page, 'year-workbook')
  await page.setViewportSize(DESK)
  await page.getByRole('region', { name: summary.title, exact: true }).evaluate(table => table.scrollIntoView())
  await look(page, 'year-workbook-meetings')
  await page.setViewportSize(DESK)
  const take = async button => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button, exact: true }).click()])
    return { name: file.suggestedFilename(), path: await file.path() }
  }
  const [word, pdf] = [await take('下载 Word'), await take('下载 PDF')]
  assert.match(word.name, /支部工作手册.*\.docx$/)
  assert.match(pdf.name, /支部工作手册.*\.pdf$/)
  assert.equal(readFileSync(word.path).subarray(0, 2).toString(), 'PK')
  assert.equal(readFileSync(pdf.path).subarray(0, 4).toString(), '%PDF')
  const printed = execFileSync('pdftotext', [pdf.path, '-'], { encoding: 'utf8' }).replace(/\s/g, '')
  for (const what of Object.keys(held)) assert.ok(printed.includes(what), `${what} stands in the printed book`)
  execFileSync('pdftoppm', ['-r', '60', '-f', '1', '-l', '3', '-png', pdf.path, join(OUT, 'year-workbook-printed')])
})
