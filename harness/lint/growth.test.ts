import { expect, test } from 'vitest'
import { parseMenu } from '../formats/menu/parse.ts'
import { processorTimeOf } from '../test-tools/processor-time.ts'
import { applyFixes } from './apply-fixes.ts'
import { lintMenu } from './lint-menu.ts'
import type { LintContext } from './medium.ts'
import { memoryMedium } from './memory-medium.ts'
import { sarifOf } from './sarif.ts'

const files = Array.from({ length: 200 }, (_, at) => ({
  path: `/boot/d${at}/file${at}`,
  bytes: Buffer.from(`${at}`),
}))
const context: LintContext = {
  root: memoryMedium(files),
  machine: { memory: 64, serialPorts: 1, drives: ['cd'] },
}

const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('')

/** Menus of some number of lines, each of a kind whose lines once had to be compared with each other. */
const shapes: Readonly<Record<string, (count: number) => string>> = {
  'modules of one entry': (count) =>
    `title t\nkernel /kickstart\n${lines(count, () => 'module /x')}`,
  'modules that are not on the medium': (count) =>
    `title t\nkernel /kickstart\n${lines(count, (at) => `module /d/fil${at}`)}`,
  'modules before any kernel': (count) => `title t\n${lines(count, () => 'module /x')}`,
  'initrds of one entry': (count) => `title t\nkernel /x\n${lines(count, () => 'initrd /y')}`,
  entries: (count) => lines(count / 2, (at) => `title t${at}\nkernel /kickstart`),
  'entries of one title': (count) => lines(count / 2, () => 'title t\nkernel /kickstart'),
  'misspelt commands with comments': (count) => `title t\n${lines(count, () => 'kernal /x # y')}`,
  'paths without their prefix': (count) => `title t\n${lines(count, () => 'kernel /d2/file2')}`,
  'serial ports': (count) =>
    `${lines(count / 2, () => 'serial\nterminal serial')}title t\nkernel /kickstart\n`,
  'continued lines': (count) => `title t\nkernel /x${' a \\\n'.repeat(count)}`,
  'one long line': (count) => `title t\nkernel /x${' a'.repeat(10 * count)}`,
  'words far apart': (count) =>
    `title t\nkernel /x${`${'\r'.repeat(count / 4)} a\\\n`.repeat(300)}`,
  'NUL bytes before the last character': (count) => `title t\n${'\0'.repeat(20 * count)}x`,
  'carriage returns': (count) => `title t\nkernel /x # y${'\r'.repeat(20 * count)}z\n`,
}

const work = (text: string): void => {
  const menu = parseMenu(text)
  sarifOf([{ path: 'menu.lst', findings: lintMenu(menu, context) }], '1')
  applyFixes(menu, context)
}

const small = 500
const factor = 8

// Quadratic work would take 64 times as long; garbage collection and a busy host may double what linear work takes.
test.for(Object.entries(shapes))('%s are linted in linear time', async ([, menu]) => {
  work(menu(small))
  const least = async (text: string) =>
    Math.min(await processorTimeOf(() => work(text)), await processorTimeOf(() => work(text)))
  const [once, larger] = [await least(menu(small)), await least(menu(small * factor))]
  // A few milliseconds are noise.
  expect(larger).toBeLessThan(Math.max(once, 10) * factor * 3)
})
