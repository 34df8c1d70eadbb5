// A roster from an office's spreadsheet: looked at, tried, written, the rejected rows mended and sent again.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { DESK, PHONE, demo, picture, sound } from './site.mjs'

let site, dir, branch
before(async () => {
  site = await demo()
  const page = await site.page('staff')
  branch = (await (await page.request.get(`${site.origin}/api/members`)).json()).items[0].org_name
  dir = mkdtempSync(join(tmpdir(), 'dangjian-roster-'))
})
after(async () => {
  await site?.stop()
  if (dir) rmSync(dir, { recursive: true })
})

/** A synthetic identity number (GB 11643) of somebody born on 1985-03-01. */
function identity(n) {
  const body = `51010419850301${String(n).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  return body + '10X98765432'[[...body].reduce((sum, digit, at) => sum + Number(digit) * weights[at], 0) % 11]
}
function roster(name, people) {
  const heads = '序号,姓名,性别,民族,身份证号码,学历,入党时间,转正时间,所属党支部,手机号码'
  const rows = people.map(([who, number], at) =>
    `${at + 1},${who},${Number(number[16]) % 2 ? '男' : '女'},汉族,${number},大学本科,2008.06,2009.06,${branch},1600099${String(at).padStart(4, '0')}`)
  const path = join(dir, name)
  writeFileSync(path, ['某某支部党员花名册', heads, ...rows, '合计：3 人'].join('\n'))
  return path
}

test('a roster is tried, then written, and what is rejected comes back to be mended', async () => {
  const wrong = identity(905).replace(/.$/, digit => (digit === '1' ? '2' : '1'))
  const file = roster('花名册.csv', [['欧阳试', identity(901)], ['司徒验', identity(903)], ['上官错', wrong]])
  const page = await site.page('staff')
  await page.goto(`${site.origin}/imports`)
  await picture(page, 'imports-desk')
  await sound(page, 'imports')
  await page.setViewportSize(PHONE)
  await picture(page, 'imports-phone')
  await sound(page, 'imports on the phone')
  await page.setViewportSize(DESK)

  await page.getByLabel('表格文件').setInputFiles(file)
  await page.getByRole('heading', { name: '每一列是什么，认对了吗？' }).waitFor()
  await page.getByText('共 3 行数据').waitFor()
  await picture(page, 'imports-mapping-desk')
  await sound(page, 'column mapping')
  await page.getByRole('button', { name: /试导入/ }).click()
  await page.getByRole('heading', { level: 1, name: '试过了：2 行合格，1 行要改' }).waitFor()
  await page.getByText('试导入，未写入台账').waitFor()
  await picture(page, 'import-tried-desk')
  await sound(page, 'outcome of a trial')
  await page.setViewportSize(PHONE)
  await picture(page, 'import-tried-phone')
  await sound(page, 'outcome on the phone')
  await page.setViewportSize(DESK)

  await page.getByRole('button', { name: '正式导入 2 行' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '写入 2 行' }).click()
  await page.getByRole('heading', { level: 1, name: '已导入 2 行，退回 1 行' }).waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /下载/ }).first().click(),
  ])
  const sheet = readFileSync(await download.path())
  assert.equal(sheet.subarray(0, 2).toString(), 'PK', 'the rejected rows are an xlsx file')

  await page.goto(`${site.origin}/members?q=${encodeURIComponent('欧阳试')}`)
  await page.getByText('欧阳试').first().waitFor()
  assert.deepEqual(page.faults, [])
})

test('the same file again changes nothing', async () => {
  const file = roster('再导.csv', [['欧阳试', identity(901)], ['司徒验', identity(903)]])
  const page = await site.page('staff')
  const count = async () => (await (await page.request.get(`${site.origin}/api/stats`)).json()).total
  const before = await count()
  await page.goto(`${site.origin}/imports`)
  await page.getByLabel('表格文件').setInputFiles(file)
  await page.getByRole('button', { name: /试导入/ }).click()
  await page.getByRole('button', { name: '正式导入 2 行' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '写入 2 行' }).click()
  await page.getByRole('heading', { level: 1, name: '已导入全部 2 行' }).waitFor()
  assert.equal(await count(), before)
})

test('a file that is no roster is refused in words', async () => {
  const path = join(dir, '垃圾.xlsx')
  writeFileSync(path, Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(200_000, 7)]))
  const page = await site.page('staff')
  await page.goto(`${site.origin}/imports`)
  await page.getByLabel('表格文件').setInputFiles(path)
  await page.getByRole('alert').filter({ hasText: /文件/ }).waitFor()
  await picture(page, 'imports-bad-file')
})

test('a secretary has no way to import', async () => {
  const page = await site.page('secretary')
  await page.goto(`${site.origin}/imports`)
  await page.getByText('没有这一页的权限').first().waitFor()
})
