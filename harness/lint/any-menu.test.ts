import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { menuText } from '../formats/menu/menu-text.ts'
import { parseMenu } from '../formats/menu/parse.ts'
import { applyFixes } from './apply-fixes.ts'
import { lintMenu } from './lint-menu.ts'
import type { LintContext, Medium } from './medium.ts'
import { memoryMedium } from './memory-medium.ts'
import { imageRules } from './rules/images.ts'
import { memoryRules } from './rules/memory.ts'
import { pathRules } from './rules/paths.ts'
import { ramdiskRules } from './rules/ramdisk.ts'
import { sarifOf } from './sarif.ts'
import { images } from './test-images.ts'
import { textOf } from './text-report.ts'

const paths = ['/kickstart', '/a', '/c', '/boot/c', '/new/a']
const devices = ['(hd0,0)', '(cd)', '(hd1,1,a)', '()', '(', '(hd9)']

/** Lines that load files, so that most of the rules have something to look at. */
const loading = fc
  .tuple(
    fc.constantFrom(
      'kernel ',
      'module ',
      'module ',
      'module ',
      'modulenounzip ',
      'initrd ',
      'root ',
    ),
    fc.constantFrom('', '', '', '', ...devices),
    fc.constantFrom(...paths),
    fc.constantFrom(
      '',
      '',
      ' root=/dev/ram0 ramdisk_size=0',
      ' kmem=256M',
      ' xkmem=1K console=ttyS4',
    ),
  )
  .map((it) => it.join(''))

const entry = fc
  .array(loading, { minLength: 3, maxLength: 8 })
  .map((it) => ['title t', 'kernel /kickstart', ...it, ''].join('\n'))

const menu = fc.oneof(
  menuText,
  fc.uint8Array({ maxLength: 4000 }).map((it) => Buffer.from(it).toString('latin1')),
  { arbitrary: fc.array(entry, { maxLength: 3 }).map((it) => it.join('')), weight: 4 },
)

/** An image with bytes overwritten and its end cut off: headers that promise what is not there. */
const damaged = fc
  .tuple(
    fc.constantFrom(...Object.values(images)),
    fc.array(fc.tuple(fc.nat(0x90), fc.nat(0xff)), { maxLength: 8 }),
    fc.nat(0x90),
  )
  .map(([image, changes, cut]) => {
    const bytes = Buffer.from(image)
    for (const [at, value] of changes) bytes[Math.min(at, bytes.length - 1)] = value
    return bytes.subarray(0, bytes.length - (cut > 0x60 ? cut : 0))
  })

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 600 }).map((it) => Buffer.from(it)),
  damaged,
  damaged.map((it) => gzipSync(it)),
  damaged.map((it) => Buffer.concat([Buffer.from([0x1f, 0x8b]), it])),
)

const medium: fc.Arbitrary<Medium> = fc
  .uniqueArray(
    fc.record({ path: fc.constantFrom(...paths), bytes, modified: fc.integer({ min: 0, max: 2 }) }),
    { selector: (it) => it.path, minLength: 3 },
  )
  .map(memoryMedium)

const context: fc.Arbitrary<LintContext> = fc.record(
  {
    root: medium,
    devices: fc.array(fc.tuple(fc.constantFrom(...devices), medium)).map((it) => new Map(it)),
    machine: fc.record(
      {
        memory: fc.nat(32),
        serialPorts: fc.nat(4),
        drives: fc.subarray(['cd', 'hd0', 'fd0']),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)

test('any menu with any files is linted, mended and reported', () => {
  fc.assert(
    fc.property(menu, context, (text, it) => {
      const findings = lintMenu(parseMenu(text), it)
      for (const { line, column, length, message } of findings) {
        expect([line > 0, column > 0, length >= 0, message.length > 0]).not.toContain(false)
      }
      textOf({ path: 'menu.lst', findings })
      sarifOf([{ path: 'menu.lst', findings }], '1.2.3')
      applyFixes(parseMenu(text), it)
    }),
    { numRuns: 200 },
  )
})

test('such menus trip the rules that look into files', () => {
  const tripped = new Set<string>()
  fc.assert(
    fc.property(menu, context, (text, it) => {
      for (const { rule } of lintMenu(parseMenu(text), it)) tripped.add(rule)
    }),
    { seed: 1, numRuns: 500 },
  )
  const files = [...pathRules, ...imageRules, ...memoryRules, ...ramdiskRules].map((it) => it.id)
  expect(files.filter((it) => !tripped.has(it))).toEqual([])
})
