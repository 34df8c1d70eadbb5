// Prints what a phone loads before the first page can be used, and fails when it is more than it should be.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const LIMIT_KB = 200
const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))
const weight = file => gzipSync(readFileSync(new URL(file, dist))).length

/** The files of a chunk and of everything it imports before it runs. */
function files(key, found = new Set()) {
  const chunk = manifest[key]
  if (!chunk || found.has(chunk.file)) return found
  found.add(chunk.file)
  for (const css of chunk.css ?? []) found.add(css)
  for (const next of chunk.imports ?? []) files(next, found)
  return found
}

function report(name, keys) {
  const all = new Set(keys.flatMap(key => [...files(key)]))
  const kb = [...all].reduce((sum, file) => sum + weight(file), 0) / 1024
  console.log(`${name.padEnd(12)} ${kb.toFixed(0).padStart(4)} KB gzip, ${all.size} files`)
  return kb
}

const shell = 'src/shell/AppShell.vue'
const page = path => ['index.html', shell, `src/features/${path}.vue`]
const first = Math.max(report('login', ['index.html', 'src/features/session/LoginPage.vue']), report('workbench', page('workbench/WorkbenchPage')))
for (const path of ['orgs/OrgsPage', 'members/MembersPage', 'members/MemberPage', 'imports/ImportsPage', 'stats/StatsPage', 'me/MePage']) {
  if (manifest[`src/features/${path}.vue`]) report(path.split('/')[1], page(path))
}
if (first > LIMIT_KB) {
  console.error(`The first page weighs ${first.toFixed(0)} KB, more than ${LIMIT_KB} KB.`)
  process.exit(1)
}
