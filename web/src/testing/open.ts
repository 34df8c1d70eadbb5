// Mounts a component as the client would: with a router, in the document, with Element Plus by name.
import { mount, flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, vi } from 'vitest'
import type { Component } from 'vue'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'

let opened: VueWrapper[] = []
afterEach(() => {
  for (const wrapper of opened) wrapper.unmount()
  opened = []
  document.body.innerHTML = ''
})

/** Opens a component at an address and waits until its first answers have come. */
export async function open(component: Component, options: { props?: Record<string, unknown>; at?: string } = {}): Promise<{ page: VueWrapper; router: Router }> {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { template: '<i />' } }] })
  await router.push(options.at ?? '/')
  const page = mount(component, { props: options.props, global: { plugins: [router] }, attachTo: document.body })
  opened.push(page)
  await settle()
  return { page, router }
}

/** Waits until what was started by the last step is done. */
export async function settle() {
  for (let i = 0; i < 4; i += 1) await flushPromises()
}

/** The button with this word, also inside dialogs, which stand outside the component. */
export function button(word: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find(one => one.textContent?.trim() === word || one.getAttribute('aria-label') === word)
  if (!found) throw new Error(`no button ${word}`)
  return found
}

/** Parts of a page that load when they are first needed may take a moment on a busy machine. */
const PATIENCE = { timeout: 4000, interval: 20 }

export async function press(word: string) {
  const found = await vi.waitFor(() => button(word), PATIENCE)
  found.click()
  await settle()
}

/** The control of a label. */
export function control(label: string): HTMLInputElement {
  const found = [...document.querySelectorAll('label')].find(one => one.textContent?.replace('（必填）', '').trim() === label)
  const element = found && document.getElementById(found.htmlFor)
  if (!element) throw new Error(`no control ${label}`)
  return element as HTMLInputElement
}

export async function fill(label: string, value: string) {
  const element = await vi.waitFor(() => control(label), PATIENCE)
  element.value = value
  element.dispatchEvent(new Event('input', { bubbles: true }))
  element.dispatchEvent(new Event('change', { bubbles: true }))
  await settle()
}

export async function send(form: Element | null = document.querySelector('form')) {
  if (!form) throw new Error('no form')
  form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
  await settle()
}

/** What can be read now, dialogs included. */
export function readable() {
  return document.body.textContent?.replace(/\s+/g, ' ') ?? ''
}

export function quietConsole() {
  vi.spyOn(console, 'error').mockImplementation(() => {})
}
