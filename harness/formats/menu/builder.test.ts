import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BootstandError } from '../../core/errors.ts'
import { menu } from './builder.ts'
import type { EntryBuilder } from './entry-builder.ts'
import { commandsOf, printMenu } from './menu-file.ts'
import { parseMenu } from './parse.ts'

test('a menu is printed in the order it was built, its arguments verbatim', () => {
  const text = menu()
    .comment('Two entries.')
    .serial({ unit: 0, speed: 115_200 })
    .terminal({ timeout: 5, dumb: true, terminals: ['serial', 'console'] })
    .default(0)
    .fallback(1)
    .timeout(5)
    .entry('L4Linux', (entry) =>
      entry
        .root('(cd)')
        .kernel('/kickstart', 'kmem=40M')
        .module('/ia32-kernel')
        .module('/vmlinuz.VX2', 'root="/dev ram0"  console=ttyS1,115200')
        .moduleNoUnzip('(hd0,0)/ramdisk.gz'),
    )
    .entry('Another system', (entry) =>
      entry.rootNoVerify('(hd0,1)').makeActive().chainloader('+1', { force: true }),
    )
    .print()
  expect(text).toBe(`# Two entries.
serial --unit=0 --speed=115200
terminal --timeout=5 --dumb serial console
default 0
fallback 1
timeout 5

title L4Linux
root (cd)
kernel /kickstart kmem=40M
module /ia32-kernel
module /vmlinuz.VX2 root="/dev ram0"  console=ttyS1,115200
modulenounzip (hd0,0)/ramdisk.gz

title Another system
rootnoverify (hd0,1)
makeactive
chainloader --force +1
`)
})

test('every method changes nothing but what it returns', () => {
  const empty = menu()
  const five = empty.timeout(5)
  expect([empty.print(), five.print(), five.default('saved').print()]).toEqual([
    '',
    'timeout 5\n',
    'timeout 5\ndefault saved\n',
  ])
})

test('the remaining commands are printed as GRUB takes them', () => {
  const text = menu()
    .hiddenMenu()
    .password('$1$x$y', { md5: true })
    .serial({ port: 0x2f8, word: 8, parity: 'odd', stop: 1 })
    .terminal({ terminals: ['hercules'], silent: true, lines: 24 })
    .entry('Linux', (entry) =>
      entry
        .lock()
        .map('(hd0)', '(hd1)')
        .kernel('/bzImage', 'root=/dev/ram0', { type: 'linux', noMemOption: true })
        .initrd('/initrd.img')
        .saveDefault()
        .configFile('/other.lst'),
    )
    .print()
  expect(text).toMatchInlineSnapshot(`
    "hiddenmenu
    password --md5 $1$x$y
    serial --port=0x2f8 --word=8 --parity=odd --stop=1
    terminal --lines=24 --silent hercules

    title Linux
    lock
    map (hd0) (hd1)
    kernel --type=linux --no-mem-option /bzImage root=/dev/ram0
    initrd /initrd.img
    savedefault
    configfile /other.lst
    "
  `)
})

const kernel = (name: string, words?: string) => () =>
  menu().entry('t', (entry) => entry.kernel(name, words))

test.for([
  ['a line break', kernel('/x', 'a\nb')],
  ['a tab', kernel('/x', 'a\tb')],
  ['a NUL', kernel('/x', 'a\0b')],
  ['a backslash at the end', kernel('/x', 'a\\')],
  ['a blank in a file name', kernel('/x y')],
  ['a relative file name', kernel('boot/x')],
  ['a device that GRUB does not know', () => menu().entry('t', (it) => it.root('(hda1)'))],
  ['a line longer than 1500 characters', kernel('/x', 'a'.repeat(1491))],
  ['a title of blanks', () => menu().entry(' ', (it) => it.lock())],
  ['a title that begins with =', () => menu().entry('=x', (it) => it.lock())],
  ['an entry without commands', () => menu().entry('t', (it) => it)],
  ['a negative timeout', () => menu().timeout(-1)],
  ['nine fallbacks', () => menu().fallback(0, 1, 2, 3, 4, 5, 6, 7, 8)],
] as const)('%s is refused', ([, build]) => {
  expect(build).toThrow(BootstandError)
  expect(build).toThrow(expect.objectContaining({ culprit: 'bootset', code: 'BOOTSTAND_MENU' }))
})

test('a line of 1500 characters is not refused', () => {
  expect(kernel('/x', 'a'.repeat(1490))().print()).toContain('a\n')
})

test('what is built is what is parsed', () => {
  const word = fc.stringMatching(/^[!-<>-[\]-~][!-[\]-~]{0,8}$/)
  const line = fc.array(word, { maxLength: 4 }).map((words) => words.join('  '))
  const file = word.map((it) => `/${it}`)
  const step = fc.tuple(fc.constantFrom('kernel', 'module', 'moduleNoUnzip'), file, line)
  const entries = fc.array(fc.tuple(word, fc.array(step, { minLength: 1, maxLength: 4 })))
  fc.assert(
    fc.property(entries, fc.nat(), (built, timeout) => {
      const add = (entry: EntryBuilder, [verb, ...words]: [string, string, string]) =>
        entry[verb as 'kernel' | 'module' | 'moduleNoUnzip'](...words)
      const text = built
        .reduce(
          (before, [title, steps]) => before.entry(title, (entry) => steps.reduce(add, entry)),
          menu().timeout(timeout),
        )
        .print()
      const parsed = parseMenu(text)
      expect(printMenu(parsed)).toBe(text)
      expect(commandsOf(parsed.globals).map((it) => it.arguments.text)).toEqual([String(timeout)])
      expect(
        parsed.entries.map(({ title, statements }) => [
          title,
          commandsOf(statements).map((it) => [it.name, it.arguments.text]),
        ]),
      ).toEqual(
        built.map(([title, steps]) => [
          title,
          steps.map(([verb, name, words]) => [
            verb.toLowerCase(),
            words === '' ? name : `${name} ${words}`,
          ]),
        ]),
      )
    }),
  )
})
