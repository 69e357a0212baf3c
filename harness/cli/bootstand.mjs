#!/usr/bin/env node
// Plain JavaScript: this runs before there is anything that could read TypeScript.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname ?? '.', '../..')
const hostLacks = 3

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

if (isOutdated()) {
  process.stderr.write('Installing npm packages …\n')
  // Under a lock: two runs may start in one checkout. Progress belongs on standard error.
  const lock = path.join(root, 'package-lock.json')
  const npm = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const result = spawnSync('flock', [lock, 'npm', ...npm], {
    cwd: root,
    stdio: ['ignore', 2, 'inherit'],
  })
  if (result.status !== 0) fail(`\`npm ci\` failed in ${root}; its own words are above.`)
}

const { register } = await import('tsx/esm/api')
register()
await import('./main.ts')
