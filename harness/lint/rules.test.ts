import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parseMenu } from '../formats/menu/parse.ts'
import { packageRoot } from '../host/paths.ts'
import { fileCases } from './file-cases.ts'
import { lintMenu } from './lint-menu.ts'
import type { LintContext } from './medium.ts'
import { rules } from './rules/list.ts'
import { textCases } from './text-cases.ts'
import { applyFixes } from './apply-fixes.ts'

const cases = [...textCases, ...fileCases]

const found = (text: string, context: LintContext = {}): string[] =>
  lintMenu(parseMenu(text), context).map((it) => it.rule)

test.for(cases)('$rule finds what it is for', ({ rule, trips, context }) => {
  expect(found(trips, context)).toContain(rule)
})

test.for(cases)('$rule is silent where nothing is wrong', ({ rule, passes, context }) => {
  expect(found(passes, context)).not.toContain(rule)
})

test('every rule has a case, and no id twice', () => {
  const ids = rules.map((it) => it.id)
  expect(new Set(cases.map((it) => it.rule))).toEqual(new Set(ids))
  expect(new Set(ids).size).toBe(ids.length)
})

test('what is said of each case', async () => {
  const said = cases.flatMap(({ rule, trips, context }) =>
    lintMenu(parseMenu(trips), context ?? {})
      .filter((it) => it.rule === rule)
      .slice(0, 1)
      .map((it) => {
        const fix = it.fix === undefined ? '' : `\n  Fix: ${it.fix.description}`
        return `${rule} ${it.line}:${it.column}+${it.length}\n  ${it.message}\n  ${it.why}${fix}\n`
      }),
  )
  await expect(said.join('')).toMatchFileSnapshot(
    path.join(packageRoot, 'fixtures/menus/lint-messages.txt'),
  )
})

test.for(cases)('a fix of $rule leaves nothing of it to find', ({ rule, trips, context }) => {
  const before = lintMenu(parseMenu(trips), context ?? {}).filter((it) => it.rule === rule)
  const left = lintMenu(applyFixes(parseMenu(trips), context ?? {}).file, context ?? {})
  const unfixable = before.filter((it) => it.fix === undefined)
  expect(left.filter((it) => it.rule === rule).length).toBeLessThanOrEqual(unfixable.length)
})

const menusIn = (folder: string) =>
  fs
    .readdirSync(path.join(packageRoot, folder))
    .filter((it) => it.endsWith('.lst'))
    .map((it) => [it, fs.readFileSync(path.join(packageRoot, folder, it), 'latin1')] as const)

test('what is found in each of the bad menus', async () => {
  const lines = menusIn('fixtures/menus/bad').map(
    ([name, text]) =>
      `${name.replace('.lst', '')}: ${[...new Set(found(text))].join(' ') || '-'}\n`,
  )
  await expect(lines.join('')).toMatchFileSnapshot(
    path.join(packageRoot, 'fixtures/menus/lint.txt'),
  )
})
