#!/usr/bin/env node
// Plain JavaScript: this runs before there is anything that could read TypeScript.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const self = fileURLToPath(import.meta.url)
const hostLacks = 3
/** Set in the process that holds the lock and installs. */
const underLock = 'BOOTSTAND_INSTALLS'

const fail = (message) => {
  process.stderr.write(`bootstand: ${message}\n`)
  process.exit(hostLacks)
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

await import('./typescript.mjs')
await import('./main.ts')
