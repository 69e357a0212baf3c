#!/usr/bin/env node
// Plain JavaScript: this runs before there is anything that could read TypeScript.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { hostProblem } from './host-problem.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const self = fileURLToPath(import.meta.url)
const defect = 1
const wrongInput = 2
const hostLacks = 3
/** Set in the process that holds the lock and installs. */
const underLock = 'BOOTSTAND_INSTALLS'

/** What `core/printable.ts` replaces: the words may be a file's. */
const unprintable = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

const fail = (message, status = hostLacks) => {
  process.stderr.write(`bootstand: ${message.replaceAll(unprintable, '\ufffd')}\n`)
  process.exit(status)
}

/** Ends with the sentence and the exit status for an error that nothing else has caught. */
const failWith = (error) => {
  const problem = hostProblem(error)
  if (problem !== undefined) fail(`This host keeps Bootstand from its work: ${problem}.`)
  const words = error instanceof Error ? error.stack : String(error)
  fail(`A defect of Bootstand; please report it with these lines:\n${words}`, defect)
}
process.on('uncaughtException', failWith)

// Node, vite and the compiler take these for parts of an address or a pattern.
if (/[#?\\\p{Cc}]|%[0-9a-f]{2}/iu.test(root)) {
  fail(
    'Expected a checkout in a folder whose path has no #, ?, \\, % with two hexadecimal digits, or control ' +
      `character, found ${JSON.stringify(root)}. Move the checkout.`,
    wrongInput,
  )
}

/** Soft limits of this process that Node would not survive, some without a word, and the least that works. */
const limits = [
  ['Max open files', 128, 1, 'ulimit -n'],
  ['Max address space', 16 * 1024 ** 3, 1024, 'ulimit -v'],
]
const limitsText = existsSync('/proc/self/limits')
  ? readFileSync('/proc/self/limits', 'latin1')
  : ''
for (const [name, least, unit, command] of limits) {
  const found = new RegExp(`^${name} +(\\d+)`, 'm').exec(limitsText)?.[1]
  if (found !== undefined && Number(found) < least)
    fail(`Expected \`${command}\` to be at least ${least / unit}, found ${Number(found) / unit}.`)
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Expected Node 20.19 or newer, found ${process.versions.node}. Install a newer Node.`)
}

/** npm writes this file last, so it is as new as the installation is complete. */
const installed = path.join(root, 'node_modules/.package-lock.json')
const isOutdated = () =>
  !existsSync(installed) ||
  statSync(installed).mtimeMs < statSync(path.join(root, 'package-lock.json')).mtimeMs

const run = (command, words) => {
  const result = spawnSync(command, words, {
    cwd: root,
    // Progress belongs on standard error: standard output is kept for results.
    stdio: ['ignore', 2, 'inherit'],
    env: { ...process.env, [underLock]: '1' },
  })
  if (result.error) fail(`${command} could not be started: ${result.error.message}`)
  return result.status
}

if (isOutdated() && process.env[underLock]) {
  process.stderr.write('Installing npm packages …\n')
  process.exit(run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']))
}
if (isOutdated()) {
  // Two runs may start in one checkout: the second waits, looks again, and finds nothing to do.
  const status = run('flock', [path.join(root, 'package-lock.json'), process.execPath, self])
  if (status !== 0) fail(`\`npm ci\` failed in ${root}; its own words are above.`)
}
// Only there to install.
if (process.env[underLock]) process.exit(0)

try {
  await import('./typescript.mjs')
  await import('./main.ts')
} catch (error) {
  failWith(error)
}
