// Papers as a branch secretary makes them: a notice from the library, the branch's own form.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { demo, look } from './site.mjs'

let site
const place = mkdtempSync(join(tmpdir(), 'dangjian-papers-'))
const OUT = new URL('./out/', import.meta.url).pathname
before(async () => {
  site = await demo()
})
after(() => site.stop())

/** Presses a button and keeps the file that comes. */
async function taken(page, press, name) {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  const path = join(place, name)
  await download.saveAs(path)
  return { path, name: download.suggestedFilename() }
}

/** The text of a PDF, and a picture of its first page to look at. */
function read(pdf, name) {
  mkdirSync(OUT, { recursive: true })
  execFileSync('pdftoppm', ['-r', '60', '-l', '1', '-singlefile', '-png', pdf, join(OUT, name)])
  return execFileSync('pdftotext', [pdf, '-'], { encoding: 'utf8' }).replace(/\s/g, '')
}

function converted(docx) {
  execFileSync('soffice', [`-env:UserInstallation=file://${place}/profile`, '--headless', '--convert-to', 'pdf', '--outdir', place, docx], { stdio: 'ignore' })
  return docx.replace(/\.docx$/, '.pdf')
}

const choose = async (page, label, option) => {
  const field = page.getByRole('combobox', { name: label })
  await field.locator('xpath=ancestor::*[contains(@class, "el-select__wrapper")]').click()
  await page.getByRole('option', { name: option }).filter({ visible: true }).first().click()
}

test('a notice is filled in, looked at as printed, and taken as DOCX and PDF', async () => {
  const page = await site.page('secretary')
  await page.goto(`${site.origin}/templates`)
  await page.getByRole('heading', { name: '会议通知' }).waitFor()
  await look(page, 'templates')
  await page.getByLabel('查找模板').fill('通知')
  await page.getByRole('button', { name: '填写会议通知' }).click()
  await page.getByAltText('第 1 页的预览').waitFor()
  assert.match(await page.getByLabel('党组织（必填）').inputValue(), /支部/)

  await page.getByRole('button', { name: '下载 DOCX' }).click()
  await page.getByText('会议名称没有填写。请补填。').waitFor()
  await look(page, 'template-refused')
  await page.getByLabel('会议名称').fill('第四季度党员大会')
  await page.getByLabel('参加人员').fill('全体党员')
  await page.getByLabel('会议日期').fill('2026-12-01')
  await page.getByLabel('会议时间').fill('14:30')
  await page.getByLabel('会议地点').fill('三层会议室 <东> & 西')
  await page.getByRole('textbox', { name: '议题 1' }).fill('学习')
  await page.getByRole('button', { name: '再加一行' }).click()
  await page.getByRole('textbox', { name: '议题 2' }).fill('通报党费收缴情况')
  await page.getByText('还要填').waitFor({ state: 'hidden' })
  assert.equal(await page.getByText('没有填写。请补填。').count(), 0)
  await look(page, 'template-filled')

  const docx = await taken(page, () => page.getByRole('button', { name: '下载 DOCX' }).click(), 'notice.docx')
  assert.equal(docx.name, '关于召开第四季度党员大会的通知.docx')
  const pdf = await taken(page, () => page.getByRole('button', { name: '下载 PDF' }).click(), 'notice-typeset.pdf')
  for (const [path, name] of [[converted(docx.path), 'paper-notice-docx'], [pdf.path, 'paper-notice-pdf']]) {
    const text = read(path, name)
    for (const words of ['关于召开第四季度党员大会的通知', '三层会议室<东>&西', '（二）通报党费收缴情况', '2026年11月24日']) {
      assert.ok(text.includes(words), `${words} is not in ${name}: ${text}`)
    }
  }
})

test('a branch puts in a form of its own, and what must not come in is refused', async () => {
  const page = await site.page('secretary')
  await page.goto(`${site.origin}/templates?key=heart_talk_record`)
  await page.getByText('本单位样式').first().click()
  const sample = await taken(page, () => page.getByRole('button', { name: '下载样稿' }).click(), 'sample.docx')
  writeFileSync(join(place, 'notes.docx'), 'not a document')
  const chooser = page.getByLabel('自备模板文件')
  await chooser.setInputFiles(join(place, 'notes.docx'))
  await page.getByText('这不是 DOCX 文件').waitFor()
  await look(page, 'own-template-refused')
  await chooser.setInputFiles(sample.path)
  await page.getByText('第 1 版', { exact: true }).waitFor()
  await page.getByLabel('谈话人', { exact: false }).first().fill('李某某')
  await page.getByLabel('谈话对象').fill('王某')
  await page.getByRole('textbox', { name: '地点' }).fill('会议室')
  await page.getByLabel('谈话日期').fill('2026-11-20')
  await page.getByLabel('谈话内容').fill('一、近期工作\n二、家庭困难')
  await choose(page, '类别', '支委和党员之间')
  await look(page, 'own-template')
  const docx = await taken(page, () => page.getByRole('button', { name: '下载 DOCX' }).click(), 'talk.docx')
  const text = read(converted(docx.path), 'paper-own-docx')
  assert.ok(text.includes('王某') && text.includes('二、家庭困难') && !text.includes('{{'), text)
  await page.getByRole('button', { name: '停用' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('事由').fill('改用内置版式')
  await dialog.getByRole('button', { name: '停用' }).click()
  await page.getByText('现用内置版式').waitFor()
})
