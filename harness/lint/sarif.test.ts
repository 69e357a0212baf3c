import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' }
import draft04 from 'ajv-draft-04'
import formats from 'ajv-formats'
import { expect, test } from 'vitest'
import { parseMenu } from '../formats/menu/parse.ts'
import { fileCases } from './file-cases.ts'
import type { Finding } from './finding.ts'
import { lintMenu } from './lint-menu.ts'
import { rules } from './rules/list.ts'
import { sarifOf, type LintedMenu } from './sarif.ts'
import { textCases } from './text-cases.ts'

// A pattern of the schema is only valid without the u flag.
const ajv = new draft04.default({ strict: false, allErrors: true, unicodeRegExp: false })
formats.default(ajv)
const isSarif = ajv.compile(schema)

/** What the OASIS schema finds wrong, a line each. */
const defects = (menus: readonly LintedMenu[]): string[] => {
  isSarif(JSON.parse(JSON.stringify(sarifOf(menus, '1.2.3'))))
  return (isSarif.errors ?? []).map((it) => `${it.instancePath} ${it.message}`)
}

const linted = (path: string, text: string): LintedMenu => ({
  path,
  findings: lintMenu(parseMenu(text)),
})

test('a document with a finding of every rule is valid', () => {
  const menus = [...textCases, ...fileCases].map(({ rule, trips, context }) => ({
    path: `menus/${rule}.lst`,
    findings: lintMenu(parseMenu(trips), context ?? {}),
  }))
  const seen = new Set(menus.flatMap(({ findings }) => findings.map((it) => it.rule)))
  expect(seen.size).toBe(rules.length)
  expect(defects(menus)).toEqual([])
})

test.for([
  ['nothing found', 'menu.lst', 'title t\nboot\n'],
  ['no line in it', 'menu.lst', ''],
  ['control characters and bytes', 'menu.lst', 'title t\n\x01\x1b[0m\0 \xe4\xff\n'],
  ['a path with blanks, marks and letters', '/a b/{c}:d/ä%20#1?.lst', 'title\n'],
] as const)('a document with %s is valid', ([, path, text]) => {
  expect(defects([linted(path, text)])).toEqual([])
})

test('the schema refuses what is no finding', () => {
  const findings = [{ ...linted('menu.lst', '').findings[0]!, severity: 'fatal', line: 0 }]
  expect(defects([{ path: 'menu.lst', findings: findings as unknown as Finding[] }])).toEqual([
    '/runs/0/results/0/level must be equal to one of the allowed values',
    '/runs/0/results/0/locations/0/physicalLocation/region/startLine must be >= 1',
  ])
})

test('braces of a menu are no placeholders: section 3.11.5 doubles them', () => {
  const { runs } = sarifOf([linted('menu.lst', 'title t\n${x} {0}\n')], '1.2.3')
  expect(runs[0]!.results.map((it) => it.message.text)).toContainEqual(
    expect.stringContaining('found "${{x}}"'),
  )
})
