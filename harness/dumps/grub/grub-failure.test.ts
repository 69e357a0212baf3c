import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainText } from '../../core/text.ts'
import { parseMenu } from '../../formats/menu/parse.ts'
import { toolPath } from '../../host/tools.ts'
import { grubErrorOf } from './grub-errors.ts'
import { describeGrubFailure, grubFailure } from './grub-failure.ts'

const recordings = path.join(import.meta.dirname, '../../../fixtures/recordings/grub-legacy')
const printedIn = (text: string) => text.split('\n').map(plainText)

/** A recording: the menu in comments, where it has one, and what GRUB printed. */
const recorded = (name: string) => {
  const text = fs.readFileSync(path.join(recordings, name), 'latin1')
  const [, menu = '', printed = text] =
    /^## menu\.lst:\n(.*?)## serial \(raw\):\n(.*)$/s.exec(text) ?? []
  return { menu: parseMenu(menu.replaceAll(/^## /gm, '')), printed: printedIn(printed) }
}

const sentence = (name: string): string => {
  const { menu, printed } = recorded(name)
  return describeGrubFailure(grubFailure(printed, menu)!)
}

describe('a recorded error is told with the line of the menu', () => {
  test.for([
    [
      'grublegacy-missing_module.log',
      'GRUB stopped with error 15 (File not found) at line 9 of the menu, "module /boot/nope": the partition that `root` names has no such file; /boot may be a partition of its own',
    ],
    [
      'grublegacy-module_first.log',
      'GRUB stopped with error 20 (Multiboot kernel must be loaded before modules) at line 8 of the menu, "module /boot/m1": `module` needs a multiboot kernel before it',
    ],
    [
      'grublegacy-too_high.log',
      'GRUB stopped with error 28 (Selected item cannot fit into memory) at line 8 of the menu, "kernel /boot/high.elf": the machine has too little memory for it',
    ],
    [
      'notmb.raw',
      'GRUB stopped with error 13 (Invalid or unsupported executable format) at "kernel /text.txt": the file is no kernel for a 32-bit PC that GRUB Legacy knows, or is damaged',
    ],
  ] as const)('%s', ([name, expected]) => {
    expect(sentence(name)).toBe(expected)
  })
})

test('of an entry that falls back, the last error counts', () => {
  const menu = parseMenu('fallback 1\ntitle a\nkernel /a\ntitle b\nkernel /b\nmodule /c\n')
  const printed = [
    "  Booting 'a'",
    ...['', 'kernel /a', '', 'Error 15: File not found', "  Booting 'b'"],
    ...['', 'kernel /b', '   [Multiboot-elf, <0x2d0400:0xad04:0x53c4>]', 'module /c', ''],
    'Error 28: Selected item cannot fit into memory',
  ]
  expect(grubFailure(printed, menu)).toMatchObject({ number: 28, line: 6, command: 'module /c' })
})

test('a long line is known by the part that GRUB echoes first, repeated commands by their order', () => {
  const long = `module /a ${'x'.repeat(200)}`
  const menu = parseMenu(`title a\nkernel\t/k\nmodule /m\n${long}\nmodule /m\n`)
  const echo = ['kernel /k', 'module /m', long.slice(0, 79), long.slice(79, 158), 'module /m']
  const printed = (count: number) => [
    "  Booting 'a'",
    ...echo.slice(0, count),
    'Error 15: File not found',
  ]
  expect(grubFailure(printed(2), menu)?.line).toBe(3)
  expect(grubFailure(printed(4), menu)?.line).toBe(4)
  expect(grubFailure(printed(5), menu)?.line).toBe(5)
})

test('every text is the one that GRUB has', async () => {
  const stage2 = fs.readFileSync(await toolPath('stage2_eltorito'), 'latin1')
  for (let number = 1; number <= 35; number++)
    expect(stage2).toContain(`${grubErrorOf(number)!.text}\0`)
  expect(grubErrorOf(0)).toBeUndefined()
  expect(grubErrorOf(36)).toBeUndefined()
})

test('any lines are read without harm', () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom("  Booting 'a'", 'Error 15: File not found', 'kernel /k', 'Error 99: x'),
  )
  const menu = parseMenu('title a\nkernel /k\n')
  fc.assert(
    fc.property(fc.array(line), (printed) => {
      const failure = grubFailure(printed, menu)
      expect(failure !== undefined).toBe(printed.some((it) => /^Error \d+: /.test(it)))
      const told = failure && describeGrubFailure(failure)
      expect(told ?? 'GRUB stopped with error 1 (').toMatch(/^GRUB stopped with error \d+ \(/)
    }),
  )
})
