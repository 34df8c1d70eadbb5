// The real binary with a synthetic enterprise, and a real browser before it. One of each for a test file.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const PROGRAM = process.env.DANGJIAN_PROGRAM ?? new URL('../../target/release/dangjian', import.meta.url).pathname
const OUT = new URL('./out/', import.meta.url).pathname
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
export const TODAY = '2026-11-24'
export const PASSWORD = 'demo-2026'
export const DESK = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }

/** Starts the program and waits until it says its address. */
export async function program(args) {
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const address = await new Promise((resolve, reject) => {
    const hear = chunk => {
      said += chunk
      const found = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(said)
      if (found) resolve(found[0])
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('exit', code => reject(new Error(`the program ended with ${code}:\n${said}`)))
  })
  return {
    address,
    said: () => said,
    stop: () => new Promise(resolve => {
      if (child.exitCode !== null) return resolve()
      child.on('exit', resolve)
      child.kill('SIGTERM')
    }),
  }
}

/** A demonstration enterprise with a browser. `stop` ends both and takes the data away. */
export async function demo({ members = 800 } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'dangjian-e2e-'))
  const place = ['--data', join(data, 'demo')]
  let running = await program(['demo', '--members', String(members), '--today', TODAY, ...place, '--listen', '127.0.0.1:0'])
  const opened = await site(running, data)
  return {
    ...opened,
    /** Moves the clock on: the program is stopped and goes on with the same data on a later day, at the same address. */
    async moveTo(day) {
      await running.stop()
      running = await program(['demo', '--continue', '--today', day, ...place, '--listen', new URL(opened.origin).host])
    },
    stop: async () => {
      await running.stop()
      await opened.stop()
    },
  }
}

/** An installation that nobody has set up yet. */
export async function bare() {
  const data = mkdtempSync(join(tmpdir(), 'dangjian-e2e-'))
  const running = await program(['serve', '--data', join(data, 'serve'), '--listen', '127.0.0.1:0'])
  return site(running, data)
}

async function site(running, data) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  const origin = new URL(running.address).origin
  return {
    origin,
    said: running.said,
    stop: async () => {
      await browser.close()
      await running.stop()
      rmSync(data, { recursive: true, force: true })
    },
    /** A browser page of somebody, signed in unless there is no login. Script errors fail the test that closes it. */
    async page(login, viewport = DESK) {
      const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', acceptDownloads: true })
      context.setDefaultTimeout(15000)
      const page = await context.newPage()
      const faults = []
      page.on('pageerror', e => faults.push(String(e)))
      page.on('console', message => {
        if (message.type() === 'error' && !/status of (401|403|404|409|422)/.test(message.text())) faults.push(message.text())
      })
      page.faults = faults
      if (login) await signIn(page, origin, login)
      else await page.goto(origin)
      return page
    },
  }
}

/** Signs in through the sign-in page. */
export async function signIn(page, origin, login, password = PASSWORD) {
  await page.goto(`${origin}/login`)
  await page.getByLabel('登录名').fill(login)
  await page.getByLabel(/^密码/).fill(password)
  await page.getByRole('button', { name: '登录' }).click()
  await page.waitForURL(url => !url.pathname.startsWith('/login'))
}

/** A picture of the page as it stands, in out/. */
export async function picture(page, name) {
  mkdirSync(OUT, { recursive: true })
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: join(OUT, `${name}.png`), animations: 'disabled' })
}

/** Nothing serious by axe (WCAG 2.1 AA), no script error, nothing wider than the page. */
export async function sound(page, name) {
  await page.evaluate(AXE)
  // Nothing is judged half faded: what moves comes to rest first, and nothing moves meanwhile.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.evaluate(() => {
    const ends = document.getAnimations().filter(one => one.effect?.getComputedTiming().endTime !== Infinity)
    return Promise.all(ends.map(one => one.finished.catch(() => {})))
  })
  const result = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }))
  await page.emulateMedia({ reducedMotion: null })
  const serious = result.violations
    .filter(found => ['serious', 'critical'].includes(found.impact))
    .map(found => `${found.id}: ${found.help}\n    ${found.nodes.slice(0, 3).map(node => node.html).join('\n    ')}`)
  assert.deepEqual(serious, [], `axe on ${name}`)
  assert.deepEqual(page.faults, [], `script errors on ${name}`)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(wide <= 0, `${name} is ${wide} px wider than the screen`)
}

/** Looks at the page at both widths: a picture named after it, nothing serious by axe, nothing wider than the screen. */
export async function look(page, name) {
  for (const [width, viewport] of [['phone', PHONE], ['desk', DESK]]) {
    await page.setViewportSize(viewport)
    await page.waitForLoadState('networkidle')
    await picture(page, `${name}-${width}`)
    await sound(page, `${name} on the ${width}`)
  }
}

/** Chooses from a list that is searched by typing. `within` = the page or the dialog the field stands in. */
export async function choose(within, label, option, typed) {
  const page = within.page?.() ?? within
  const field = within.getByRole('combobox', { name: label })
  await field.locator('xpath=ancestor::*[contains(@class, "el-select__wrapper")]').click()
  if (typed) await field.fill(typed)
  await page.getByRole('option', { name: option }).filter({ visible: true }).first().click()
}

/** What the server answers to somebody's page: to know what the register holds before it is looked for on the screen. */
export const ask = (page, path) => page.evaluate(async from => (await fetch(from)).json(), path)

/** Takes a step of a dialog with a reason, and waits until it is done. */
export async function withReason(dialog, action, reason) {
  await dialog.getByLabel('事由').fill(reason)
  await dialog.getByRole('button', { name: action, exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}
