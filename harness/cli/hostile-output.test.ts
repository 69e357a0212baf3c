import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../host/paths.ts'
import { unsafe } from '../test-tools/hostile-text.ts'
import { bootstand, folder, useSandbox } from '../test-tools/sandbox.ts'

useSandbox()

const hostile = path.join(packageRoot, 'fixtures/hostile')
/** Part of each text that a sender has chosen, as it is printed. */
const shown = 'gpj.exe'

test.each(['tail', 'report', 'explain', 'timeline', 'explain --json', 'timeline --json'])(
  'what a mailed run prints through %s does nothing to the terminal',
  async (words) => {
    const run = path.join(folder, 'runs/mailed')
    fs.cpSync(path.join(hostile, 'run/terminal-escapes'), run, { recursive: true })
    const { exitCode, all } = await bootstand([...words.split(' '), run])
    expect(exitCode).toBe(0)
    expect(all).toContain(shown)
    expect(all).not.toMatch(unsafe)
  },
)

test('what a log prints does nothing to the terminal', async () => {
  const { exitCode, all } = await bootstand([
    'explain',
    path.join(hostile, 'log/terminal-escapes.log'),
  ])
  expect(exitCode).toBe(0)
  expect(all).toContain(shown)
  expect(all).not.toMatch(unsafe)
})

test('an error that quotes a file’s name does nothing to the terminal', async () => {
  const name = `nowhere\x1b]52;c;AA\x07\u202egpj.exe`
  for (const words of [['lint', name], ['explain', name], ['boot', '--menu', name], [`-${name}`]]) {
    const { exitCode, all } = await bootstand(words)
    expect(exitCode).toBe(2)
    expect(all).toContain(shown)
    expect(all).not.toMatch(unsafe)
  }
})
