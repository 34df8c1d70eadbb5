// 组织生活: a secretary holds a members' meeting from 待办 to the archive, a member checks in; the year's plan; what is refused and why.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, demo, DESK, look, PASSWORD, PHONE, picture, sound } from './site.mjs'

const DAY = '2027-03-20'
/** From signing in to the archive, beyond typing. */
const MOST_CLICKS = 12

let site
before(async () => {
  site = await demo({ members: 800 })
  await site.moveTo(DAY)
})
after(() => site?.stop())

const part = (page, name) => page.locator('details').filter({ has: page.getByRole('heading', { level: 2, name }) })

test('a secretary holds a members\' meeting in at most twelve clicks, and nothing the rules forbid gets in', async () => {
  const page = await site.page(null)
  let clicks = 0
  const click = async locator => {
    clicks += 1
    await locator.click()
  }
  await page.getByLabel('登录名').fill('secretary')
  await page.getByLabel(/^密码/).fill(PASSWORD)
  await click(page.getByRole('button', { name: '登录' }))

  const duty = page.getByRole('listitem').filter({ hasText: '支部党员大会' }).first()
  await click(duty.getByRole('button').last())
  const form = page.getByRole('dialog', { name: '计划会议' })
  await form.getByRole('checkbox', { name: '支部党员大会' }).waitFor({ state: 'attached' })
  assert.ok(await form.getByRole('checkbox', { name: '支部党员大会' }).isChecked())
  assert.ok(await form.getByRole('checkbox', { name: '党小组会' }).isDisabled(), 'a branch holds no group meeting')
  await form.getByText('党支部不召开党小组会').waitFor()
  assert.match(await form.getByLabel('会议名称').inputValue(), /2027年第一季度支部党员大会/)
  await form.getByText(/全体党员：应到 \d+ 人/).waitFor()
  await form.getByLabel('开会时间').fill('14:30')
  await form.getByLabel('地点').fill('办公楼三楼会议室')
  await form.getByLabel('议题').fill('1. 听取支部委员会第一季度工作报告')
  const org = new URL(page.url()).searchParams.get('org')
  const { called } = await ask(page, `/api/meetings/form?org=${org}&activities=members_meeting`)
  const recorder = form.getByRole('combobox', { name: '记录人' })
  await recorder.fill(called[1].name)
  await recorder.press('ArrowDown')
  await recorder.press('Enter')
  await look(page, 'meeting-plan')
  await page.setViewportSize(DESK)
  await click(form.getByRole('button', { name: '计划并发出通知' }))
  await page.waitForURL(/\/meetings\/\d+$/)
  await page.getByText('已计划，并通知了应到人员').waitFor()
  const id = page.url().split('/').pop()
  await look(page, 'meeting-noticed')

  await page.setViewportSize(DESK)
  await part(page, '开会').getByLabel('开会时间').fill('14:30')
  await click(part(page, '开会').getByRole('button', { name: '开会', exact: true }))
  const roll = part(page, '签到')
  await roll.getByText(/还差 \d+ 人才到规定的/).waitFor()
  const [room] = await Promise.all([page.context().waitForEvent('page'), click(roll.getByRole('link', { name: /投到大屏/ }))])
  room.faults = []
  room.on('pageerror', e => room.faults.push(String(e)))
  await room.getByRole('img', { name: '签到二维码' }).waitFor()
  await room.setViewportSize({ width: 1920, height: 1080 })
  await room.getByText(/还差 \d+ 人/).waitFor()
  await picture(room, 'meeting-room-projector')
  await sound(room, 'the room on the projector')
  const small = await room.locator('.room').evaluate(place => [...place.querySelectorAll('*')].filter(one => one.children.length === 0 && one.textContent.trim() && !one.closest('.visually-hidden') && parseFloat(getComputedStyle(one).fontSize) < 28).map(one => one.textContent))
  assert.deepEqual(small, [], 'type from 28 px')
  for (const name of ['全屏', '回到会议', '下一项']) {
    const box = await room.getByRole('button', { name }).boundingBox()
    assert.ok(box.height >= 64 && box.width >= 64, `${name} from 64 px`)
  }

  // A member types the code on the phone; the room hears of it.
  const member = await site.page('member', PHONE)
  await member.goto(`${site.origin}/me`)
  await member.getByText('正在签到').waitFor()
  await look(member, 'own-meetings')
  await member.setViewportSize(PHONE)
  await member.goto(`${site.origin}/check-in`)
  await member.getByLabel('屏幕上的六位数字').fill('000 000')
  await member.getByRole('button', { name: '签到' }).click()
  await member.getByText('签到码不对或已更换').first().waitFor()
  await look(member, 'check-in-refused')
  await member.setViewportSize(PHONE)
  const { path } = await ask(page, `/api/meetings/${id}/code`)
  await member.goto(site.origin + path)
  await member.getByRole('heading', { name: /第一季度支部党员大会/ }).waitFor()
  await look(member, 'check-in')
  await member.setViewportSize(PHONE)
  await member.getByRole('button', { name: '签到' }).click()
  await member.getByRole('heading', { name: '已签到' }).waitFor()
  await look(member, 'checked-in')
  await room.locator('.figures strong').filter({ hasText: /^1$/ }).waitFor()

  // More votes than voters before anybody else has come: refused; then the roll is called.
  await click(roll.getByRole('button', { name: /全选未登记的/ }))
  await roll.getByLabel('原因').fill('未带手机，当场点名')
  await click(roll.getByRole('button', { name: '登记到会' }))
  await roll.getByText('人数够了').waitFor()
  await room.getByText('到会人数符合规定').first().waitFor()
  const { heard } = await ask(page, `/api/meetings/${id}`)
  const agenda = part(page, '议程与表决')
  await agenda.getByLabel('议题 1 的发言要点').fill('书记报告第一季度工作；与会党员一致认为完成了计划，建议二季度加强安全教育。')
  await click(agenda.getByRole('button', { name: '登记决议' }))
  const vote = agenda.getByRole('form', { name: '登记决议' })
  await vote.getByLabel('决议内容').fill('同意支部委员会第一季度工作报告。')
  await vote.getByLabel('赞成（票）', { exact: true }).fill(String(heard.voters_present + 1))
  await vote.getByText('多于能投票的').waitFor()
  assert.ok(await vote.getByRole('button', { name: '保存决议' }).isDisabled())
  await look(page, 'meeting-vote-refused')
  await page.setViewportSize(DESK)
  await vote.getByLabel('赞成（票）', { exact: true }).fill(String(heard.voters_present))
  await vote.getByText(/超过应到有表决权 \d+ 人的半数/).waitFor()
  await click(vote.getByRole('button', { name: '保存决议' }))
  await agenda.getByText('通过', { exact: true }).first().waitFor()
  await room.locator('.vote').getByText('通过').first().waitFor()
  await picture(room, 'meeting-room-vote')
  await sound(room, 'the room with a vote')

  const record = page.locator('#record')
  await record.getByLabel('散会时间').fill('16:00')
  await click(record.getByRole('button', { name: '散会' }))
  await record.getByText('记录已齐').waitFor()
  await look(page, 'meeting-closed')
  await page.setViewportSize(DESK)
  await click(record.getByRole('button', { name: '确认记录' }))
  await record.getByText('由主持人').waitFor()
  await click(record.getByRole('button', { name: '归档' }))
  await record.getByText('会议已归档').waitFor()
  assert.ok(clicks <= MOST_CLICKS, `${clicks} clicks`)
  await look(page, 'meeting-archived')

  await page.setViewportSize(DESK)
  await record.getByRole('button', { name: '预览会议记录' }).click()
  const preview = page.getByRole('dialog', { name: /会议记录/ })
  await preview.getByRole('img', { name: '会议记录第 1 页' }).waitFor()
  await look(page, 'meeting-minutes')
  for (const [button, ending] of [['下载 PDF', '.pdf'], ['下载 DOCX', '.docx']]) {
    const [file] = await Promise.all([page.waitForEvent('download'), preview.getByRole('button', { name: button, exact: true }).click()])
    assert.ok(file.suggestedFilename().endsWith(ending))
  }
  await room.close()
})

test('what the record lacks is listed with the way to where it is written, and a huge paper is refused without harm', async () => {
  const page = await site.page('secretary')
  const { items: [duty] } = await ask(page, '/api/meetings?state=planned,noticed&limit=1').then(list => ({ items: list.items.length ? list.items : [null] }))
  const org = duty?.org_id ?? (await ask(page, '/api/meetings?limit=1')).items[0].org_id
  const { called } = await ask(page, `/api/meetings/form?org=${org}&activities=members_meeting`)
  const csrf = (await ask(page, '/api/session')).csrf
  const post = (path, body) => page.evaluate(async ([to, data, token]) => (await fetch(to, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token }, body: JSON.stringify(data) })).json(), [path, body, csrf])
  let meeting = await post('/api/meetings', { org_id: org, activities: ['members_meeting', 'theme_day'], title: '三月主题党日暨党员大会', place: '会议室', on: DAY, at: '09:00', host: called[0].person_id, agenda: ['学习文件'] })
  for (const step of [{ step: 'notice' }, { step: 'open', from: '09:00' }, { step: 'close', to: '11:00' }]) meeting = await post(`/api/meetings/${meeting.id}/steps`, { version: meeting.version, ...step })
  await page.goto(`${site.origin}/meetings/${meeting.id}`)
  const record = page.locator('#record')
  await record.getByText(/归档前还缺 \d+ 处/).waitFor()
  assert.ok(await record.getByRole('button', { name: '确认记录' }).isDisabled())
  await look(page, 'meeting-missing')
  await page.setViewportSize(DESK)
  await record.getByRole('button', { name: /发言要点/ }).click()
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA')
  await page.getByLabel('议题 1 的发言要点').fill('学习了文件，交流了体会。')

  const papers = part(page, '附件')
  await papers.locator('input[type=file]').setInputFiles({ name: '录像.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(45 << 20) })
  await papers.getByText('超过 20 MB，没有上传').waitFor()
  await look(page, 'meeting-paper-refused')
  await papers.locator('input[type=file]').setInputFiles({ name: '照片.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n') })
  await papers.getByRole('button', { name: '下载 照片.pdf' }).waitFor()
  assert.equal(await page.getByLabel('议题 1 的发言要点').inputValue(), '学习了文件，交流了体会。', 'nothing typed is lost')
})

test('the year is proposed by the rules and accepted at once', async () => {
  const page = await site.page('secretary')
  const first = (await ask(page, '/api/meetings?limit=1')).items[0]
  await page.goto(`${site.origin}/meetings?org=${first.org_id}`)
  await page.getByRole('heading', { level: 1, name: '会议' }).waitFor()
  await look(page, 'meetings')
  await page.setViewportSize(DESK)
  await page.getByRole('button', { name: '按规定生成全年计划' }).first().click()
  const drawer = page.getByRole('dialog', { name: /会议计划/ })
  const accept = drawer.getByRole('button', { name: /采用这 \d+ 次会议/ })
  await accept.waitFor()
  await look(page, 'meetings-year')
  await page.setViewportSize(DESK)
  await accept.click()
  await page.getByText(/已计划 \d+ 次会议/).waitFor()
  await look(page, 'meetings-planned')
  await page.setViewportSize(DESK)
  for (const [name, file] of [['学时', 'learning'], ['免除与表决权', 'statuses']]) {
    await page.getByText(name, { exact: true }).click()
    await page.getByRole('heading', { level: 2 }).first().waitFor()
    await look(page, `meetings-${file}`)
    await page.setViewportSize(DESK)
  }
})

test('a supervisor reads meetings without a button to change them', async () => {
  const page = await site.page('supervisor')
  const { items } = await ask(page, '/api/meetings?state=archived&newest=true&limit=1')
  await page.goto(`${site.origin}/meetings/${items[0].id}`)
  await page.getByText('已归档').first().waitFor()
  for (const name of ['归档', '退回修改', '修改安排', '登记到会', '保存记录']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name)
  await look(page, 'meeting-supervisor')
})
