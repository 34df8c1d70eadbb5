// A year of organisation life: a new secretary adopts the year's plan in January, does each month what 待办 asks for, and has the work book in
// December. One of each kind of activity goes through the pages; equal repetitions go through the calls that the pages make, to save minutes.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { ask, choose, demo, DESK, look, signIn } from './site.mjs'

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
const asked = what => page.getByRole('list', { name: '要办的事，按期限先后' }).getByRole('listitem').filter({ hasText: what }).first()
const duties = () => ask(page, `/api/duties/year?org=${org}&year=${YEAR}`)
const fold = name => page.locator('details').filter({ has: page.getByRole('heading', { level: 2, name }) })

/** A call as the page makes it. */
async function post(path, body) {
  const { csrf } = await ask(page, '/api/session')
  const { ok, answer } = await page.evaluate(async ([to, data, token]) => {
    const reply = await fetch(to, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token }, body: JSON.stringify(data) })
    return { ok: reply.ok, answer: await reply.json() }
  }, [path, body, csrf])
  assert.ok(ok, `${path} ${JSON.stringify(body)}: ${JSON.stringify(answer)}`)
  return answer
}

/** Holds a planned meeting through the calls: place and people, notice, roll, minutes, archive. */
async function holdByCalls({ id }) {
  let meeting = await ask(page, `/api/meetings/${id}`)
  const step = async (step, more = {}) => {
    meeting = await post(`/api/meetings/${id}/steps`, { version: meeting.version, step, ...more })
  }
  if (meeting.state === 'planned') {
    const { plan } = meeting
    const { called } = await ask(page, `/api/meetings/form?org=${org}&activities=${plan.activities.map(({ key }) => key).join(',')}`)
    const { csrf } = await ask(page, '/api/session')
    meeting = await page.evaluate(async ([to, data, token]) => (await fetch(to, { method: 'PUT', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token }, body: JSON.stringify(data) })).json(), [`/api/meetings/${id}/plan`, {
      version: meeting.version, activities: plan.activities.map(({ key }) => key), title: plan.title, on: plan.on, at: '09:00', place: '会议室', guests: '', remote: false, invited: [],
      host: called[0].person_id, recorder: called[1].person_id, learning_tenths: plan.learning_tenths,
    }, csrf])
    assert.ok(meeting.version, JSON.stringify(meeting))
    await step('notice')
  }
  await step('open', { from: '09:00' })
  meeting = await post(`/api/meetings/${id}/roll`, { entries: meeting.attendees.filter(one => one.part === 'expected').map(({ person_id }) => ({ person_id, come: 'present' })), reason: '当场点名' })
  const items = meeting.items.length ? meeting.items : [{ title: meeting.plan.title }]
  await step('agenda', { items: items.map(item => ({ ...item, notes: '与会同志逐一发言，形成一致意见。' })) })
  if (!meeting.resolutions?.length) await step('no_resolution', { none: true })
  await step('close', { to: '11:00' })
  await step('confirm', { reason: meeting.is_host ? null : '主持人没有账号，已当面核对' })
  await step('archive')
}

/** Holds on the pages the meeting that 待办 asks for: its button, the form, notice, roll, minutes, archive. */
async function holdFromDuty(what) {
  await home()
  await asked(what).getByRole('button').last().click()
  const activity = new URL(page.url()).searchParams.get('new')
  const form = page.getByRole('dialog', { name: '计划会议' })
  await form.getByRole('checkbox', { name: what }).waitFor({ state: 'attached' })
  assert.ok(await form.getByRole('checkbox', { name: what }).isChecked(), `${what} stands in the form`)
  await form.getByLabel('开会时间').fill('14:00')
  await form.getByLabel('地点').fill('党员活动室')
  await form.getByLabel('议题').fill('1. 学习交流')
  const { called } = await ask(page, `/api/meetings/form?org=${org}&activities=${activity}`)
  await choose(form, '记录人', called.at(-1).name, called.at(-1).name)
  await form.getByRole('button', { name: '计划并发出通知' }).click()
  await page.waitForURL(/\/meetings\/\d+$/)
  await fold('开会').getByLabel('开会时间').fill('14:00')
  await fold('开会').getByRole('button', { name: '开会', exact: true }).click()
  const roll = fold('签到')
  await roll.getByRole('button', { name: /全选未登记的/ }).click()
  await roll.getByLabel('原因').fill('当场点名')
  await roll.getByRole('button', { name: '登记到会' }).click()
  await roll.getByText('人数够了').first().waitFor().catch(() => {})
  await page.getByLabel('议题 1 的发言要点').fill('与会同志逐一发言，形成一致意见。')
  const record = page.locator('#record')
  await record.getByLabel('散会时间').fill('16:00')
  await record.getByRole('button', { name: '散会' }).click()
  await record.getByText(/记录已齐|归档前还缺/).first().waitFor()
  await page.getByText('本次会议没有决议', { exact: true }).click()
  await record.getByText('记录已齐').waitFor()
  if (await record.getByLabel('代为确认的原因').count()) await record.getByLabel('代为确认的原因').fill('主持人没有账号，已当面核对')
  await record.getByRole('button', { name: '确认记录' }).click()
  await record.getByRole('button', { name: '归档' }).click()
  await record.getByText('会议已归档').waitFor()
}

/** The dues of a month through the calls: drawn up, all booked, handed up. */
async function collectByCalls(month, on) {
  let sheet = await ask(page, `/api/dues/month?org_id=${org}&month=${month}`)
  if (!sheet.statement) sheet = await post('/api/dues/statements', { org_id: org, month })
  const lines = sheet.lines.filter(({ state }) => state === 'open').map(({ id, version }) => ({ id, version }))
  if (lines.length) await post('/api/dues/payments', { org_id: org, lines, on, way: 'cash' })
  sheet = await ask(page, `/api/dues/month?org_id=${org}&month=${month}`)
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

const FROM_DUTIES = { 1: ['支部委员会会议', '党课', '主题党日'], 2: ['主题党日'], 3: ['支部党员大会'], 11: ['谈心谈话'], 12: ['主题党日', '组织生活会', '民主评议党员'] }
for (let month = 1; month <= 12; month += 1) {
  part(`month ${month}: what 待办 asks for is done`, async () => {
    const day = dayOf(month)
    await moveTo(day)
    const { items } = await ask(page, `/api/meetings?org=${org}&state=planned&from=${day}&to=${day}&limit=50`)
    for (const meeting of items.filter(one => one.org_id === org)) await holdByCalls(meeting)
    for (const what of FROM_DUTIES[month] ?? []) await holdFromDuty(what)
    await home()
    await collectByCalls(day.slice(0, 7), day)
    const open = (await duties()).items.filter(({ status, due }) => due <= day.slice(0, 8) + '31' && due > `${YEAR}-01-01` && status !== 'done' && status !== 'excused')
    console.log(month, open.map(({ title, status }) => `${title} ${status}`))
  })
}
