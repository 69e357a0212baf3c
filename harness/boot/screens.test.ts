import fs from 'node:fs'
import path from 'node:path'
import { test } from 'vitest'
import { menu } from '../formats/menu/builder.ts'
import { grubDisk } from '../test-tools/grub-disk.ts'
import { expect } from '../testing/index.ts'
import { processesIn } from '../host/processes.ts'
import { readTimeline } from '../evidence/timeline.ts'
import { bootDisk } from './boot-disk.ts'
import { boot } from './boot.ts'
import { pistachio } from './pistachio.ts'
import { folder, useRuns } from '../test-tools/runs.ts'

useRuns()

/** AL to COM1, with a line end, and no more. */
const sayAndStay = [0xba, 0xf8, 0x03, 0xee, 0xb0, 0x0a, 0xee, 0xf4, 0xeb, 0xfd]

/** A floppy that boots a few bytes of 16-bit code. */
const bootSector = (code: readonly number[]): string => {
  const file = path.join(folder, 'floppy.img')
  const image = Buffer.alloc(1_474_560)
  image.set(code)
  image.set([0x55, 0xaa], 510)
  fs.writeFileSync(file, image)
  return file
}

/** A menu of two entries, of which the second boots. */
const choice = (start = menu()) =>
  start
    .default(0)
    .timeout(30)
    .entry('Linux 2.4', (entry) => entry.root('(cd)').kernel('/missing'))
    .entry('L4Ka::Pistachio', (entry) => entry.root('(cd)').kernel('/kickstart'))

test("GRUB's menu on a serial port is chosen from, and the choice boots", async () => {
  const drawn = choice(
    menu()
      .serial({ unit: 0, speed: 115_200, word: 8, parity: 'no', stop: 1 })
      // Without `dumb` it draws.
      .terminal({ timeout: 0, terminals: ['serial'] }),
  )
  await using target = await bootDisk(await grubDisk(drawn, folder))
  const { com1 } = target
  const selected = async () => {
    const { lines, highlighted } = await com1.screen.look()
    return highlighted.map((row) => lines[row]!.trim())
  }
  await expect(com1).toShow('GNU GRUB  version 0.97')
  await expect(com1).toShow(/^ \| L4Ka::Pistachio +\|$/)
  await expect.poll(selected).toEqual([expect.stringContaining('Linux 2.4')])
  await com1.type('\x1b[B')
  await expect.poll(selected).toEqual([expect.stringContaining('L4Ka::Pistachio')])
  await expect(com1).toShow('Press enter to boot')
  await com1.type('\r')
  await expect(com1).toShow(/^KickStart [\d.]+/)
  await expect(com1.screen.text()).resolves.not.toContain('GNU GRUB')
})

test("GRUB's error ends a wait for its screen", async () => {
  const drawn = choice(
    menu()
      .serial({ unit: 0, speed: 115_200 })
      .terminal({ timeout: 0, terminals: ['serial'] }),
  )
  await using target = await bootDisk(await grubDisk(drawn, folder))
  await expect(target.com1).toShow('Linux 2.4')
  await target.com1.type('\r')
  await expect(expect(target.com1).toShow('KickStart')).rejects.toMatchObject({
    failure: 'stop',
    culprit: 'bootset',
    message: expect.stringContaining('│Error 15: File not found'),
  })
  await expect(target.stop()).resolves.toMatchObject({
    outcome: 'waiting-in-loader',
    culprit: 'bootset',
  })
})

test("GRUB's menu on the VGA is chosen from with the keyboard", async () => {
  await using target = await bootDisk(await grubDisk(choice(), folder))
  const { vga } = target
  const selected = async () => {
    const { lines, highlighted } = await vga.look()
    return highlighted.map((row) => lines[row]!.trim())
  }
  await expect(vga).toShow('GNU GRUB  version 0.97')
  await expect(vga).toShow(/^ │ L4Ka::Pistachio +│$/)
  await expect.poll(selected).toEqual([expect.stringContaining('Linux 2.4')])
  await vga.type('\x1b[B')
  await expect.poll(selected).toEqual([expect.stringContaining('L4Ka::Pistachio')])
  await expect(vga).toShow("'c' for a command-line")
  await vga.type('c')
  await expect(vga).toShow('grub> ')
  await vga.type('kernel (cd)/kickstart A-B_C=1,2 "x" {~}\n')
  await expect(vga).toShow('kernel (cd)/kickstart A-B_C=1,2 "x" {~}')
  await expect(vga).toShow('[Multiboot-')
  const { runFolder } = target
  await target.stop()
  const kept = fs.readFileSync(path.join(runFolder, 'vga.txt'), 'utf8')
  expect(kept).toContain('\ngrub> kernel (cd)/kickstart A-B_C=1,2 "x" {~}\n')
  expect(kept).toBe(`${await vga.text()}\n`)
  const cast = fs.readFileSync(path.join(runFolder, 'vga.cast'), 'utf8')
  expect(cast).toMatch(/^\[[\d.]+,"i","c"\]$/m)
  expect(cast).toMatch(/"o".*L4Ka::Pistachio/)
})

test('every target has a VGA, on which the BIOS tells its name', async () => {
  await using target = await boot(pistachio({ rootTask: 'pingpong' }), { method: 'direct' })
  await expect(target.vga).toShow(/^SeaBIOS \(version .+\)/)
  await expect(target.herc).toPrint('s: print SQLite table')
})

test('the VGA is awaited together with consoles', async () => {
  await using target = await boot(pistachio({ rootTask: 'pingpong' }), { method: 'direct' })
  const both = await target.waitForAll({ vga: /^SeaBIOS \(version .+\)/, herc: /^KickStart .+/ })
  expect(both.vga.line).toMatch(/^SeaBIOS/)
  expect(both.herc.line).toMatch(/^KickStart/)
  const first = await target.waitForAny({ vga: 'never shown', herc: 's: print SQLite table' })
  expect(first.role).toBe('herc')
  await expect(
    target.waitForAny({ herc: 'never' }, { unless: { vga: 'SeaBIOS' } }),
  ).rejects.toMatchObject({ failure: 'printed', message: expect.stringContaining('vga showed') })
  const { runFolder } = await target.stop()
  const { events } = readTimeline(runFolder)
  const seen = events.find(({ source }) => source === 'vga')
  expect(seen).toMatchObject({ kind: 'shown', text: expect.stringMatching(/^SeaBIOS/) })
  expect(seen!.earliest).toBeLessThan(seen!.latest)
})

test("the BIOS's own error ends a wait for the VGA", async () => {
  await using target = await bootDisk(bootSector([0xcd, 0x18])) // INT 18: no boot
  await expect(expect(target.vga).toShow('login:')).rejects.toMatchObject({
    failure: 'stop',
    stop: { id: 'nothing-to-boot', line: 'No bootable device.' },
  })
})

test('looking does not disturb a guest that uses the same registers', async () => {
  await using target = await bootDisk(
    bootSector([
      ...[0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xd0, 0xbc, 0x00, 0x7c], // ds = ss = 0, a stack
      ...[0x66, 0xb9, 0x60, 0xe3, 0x16, 0x00], // 1,500,000 times:
      ...[0xba, 0xd4, 0x03, 0xb0, 0x0f, 0xee], // index 0F to port 3D4
      ...[0x42, 0x88, 0xc8, 0xee], // a value to port 3D5
      ...[0xec, 0x38, 0xc8, 0x75, 0x0e], // does it stand there?
      ...[0x4a, 0xec, 0x3c, 0x0f, 0x75, 0x08], // and the index?
      ...[0x66, 0x49, 0x75, 0xe7],
      ...[0xb0, 0x57, 0xeb, 0x02, 0xb0, 0x45], // W, or E on an error
      ...sayAndStay,
    ]),
  )
  await expect(target.vga).toShow('Booting from Floppy...')
  let looks = 0
  for (; target.com1.transcript.size === 0; looks++) await target.vga.look()
  await expect(target.com1).toPrint(/^W$/)
  expect(looks).toBeGreaterThan(2)
})

test('keys that have no room in the keyboard wait until the guest reads it, or has ended', async () => {
  await using target = await bootDisk(
    bootSector([
      ...[0xb0, 0xfe, 0xe6, 0x21, 0xfb], // no interrupts but the timer's
      ...[0xba, 0xf8, 0x03, 0xb0, 0x52, 0xee, 0xb0, 0x0a, 0xee], // R to COM1
      ...[0xe4, 0x64, 0xa8, 0x01, 0x74, 0xfa], // until there is a key
      ...[0xb9, 0x24, 0x00, 0xf4, 0xe2, 0xfd], // for 36 ticks of 55 ms more
      ...[0xb1, 0x0d], // only then, of 13 keys,
      ...[0xe4, 0x64, 0xa8, 0x01, 0x74, 0xfa, 0xe4, 0x60], // codes are read,
      ...[0x84, 0xc0, 0x78, 0xf4], // those of keys that go down,
      ...[0x04, 0x2f, 0xee, 0xfe, 0xc9, 0x75, 0xed], // and their digits go to COM1
      ...[0xb9, 0x06, 0x00, 0xf4, 0xe2, 0xfd], // 6 ticks later
      ...[0xb0, 0xfe, 0xe6, 0x64, 0xf4], // it resets the machine
    ]),
  )
  await expect(target.com1).toPrint('R')
  await expect(target.vga).toShow('Booting from Floppy...')
  await target.vga.type('123456789123')
  await expect(target.com1).toPrint(/^123456789123$/)
  await expect(target.vga).toShow('Booting from Floppy...')
  await expect(target.vga.type('12345')).rejects.toThrow(
    'Keys for vga did not reach the guest: the guest reset the machine.',
  )
})

test('a screen that was scrolled by its start address is read from there', async () => {
  await using target = await bootDisk(
    bootSector([
      ...[0xb8, 0x00, 0xb8, 0x8e, 0xc0], // es = B800
      ...[0x26, 0xc7, 0x06, 0x5e, 0x7f, 0x41, 0x1e], // A, yellow on blue
      ...[0x26, 0xc7, 0x06, 0x60, 0x7f, 0xda, 0x9f], // a corner, blinking white on blue
      ...[0xba, 0xd4, 0x03, 0xb8, 0x0c, 0x3f, 0xef, 0xb8, 0x0d, 0xaf, 0xef], // start: 3FAF
      ...[0xb8, 0x0e, 0x3f, 0xef, 0xb8, 0x0f, 0xb1, 0xef], // cursor: 3FB1
      ...[0xf4, 0xeb, 0xfd],
    ]),
  )
  await expect(target.vga).toShow('A┌')
  const { lines, cells, cursor, highlighted } = await target.vga.look()
  expect(lines).toHaveLength(25)
  // Its second row lies behind the end of the memory that is text.
  expect(lines.join('')).toBe('A┌')
  expect(cells[0]!.slice(0, 3)).toEqual([
    { character: 'A', foreground: 'yellow', background: 'blue', blinks: false },
    { character: '┌', foreground: 'white', background: 'blue', blinks: true },
    { character: ' ', foreground: 'light grey', background: 'black', blinks: false },
  ])
  expect(cursor).toEqual({ row: 0, column: 2 })
  expect(highlighted).toEqual([0])
})

test('graphics are called graphics', async () => {
  const sector = bootSector([0xb8, 0x13, 0x00, 0xcd, 0x10, 0xb0, 0x47, ...sayAndStay]) // INT 10: mode 13
  await using target = await bootDisk(sector)
  await expect(target.com1).toPrint(/^G$/)
  await expect(target.vga.text()).rejects.toThrow('There is no text on the VGA: it shows graphics')
  const error: unknown = await target.vga.waitToShow('x', { within: 0 }).catch((it: unknown) => it)
  expect(error).toMatchObject({ failure: 'not-shown' })
  expect((error as Error).message).toContain('There is no text on the VGA: it shows graphics')
  const { runFolder } = await target.stop()
  expect(fs.existsSync(path.join(runFolder, 'vga.txt'))).toBe(false)
})

test('a killed emulator ends a wait for the VGA, and keeps nobody waiting', async () => {
  await using target = await boot(pistachio({ rootTask: 'rt-spin' }), { method: 'direct' })
  await expect(target.vga).toShow('SeaBIOS')
  const wait = target.vga.waitToShow('never').catch((error: unknown) => error)
  process.kill(processesIn(target.runFolder)[0]!, 'SIGKILL')
  await expect(wait).resolves.toMatchObject({
    failure: 'ended',
    culprit: 'host',
    message: expect.stringContaining('│SeaBIOS'),
  })
  await expect(target.vga.type('x')).rejects.toMatchObject({ code: 'BOOTSTAND_TYPING' })
  await expect(target.stop()).resolves.toMatchObject({ outcome: 'emulator-failed' })
})

test('what a machine showed when it ended can still be read', async () => {
  const scenario = pistachio({ rootTask: 'rt-port', arguments: 'port=100 bytes=1 value=254' })
  const target = await boot(scenario, { method: 'direct' })
  await expect(target.ended).resolves.toMatchObject({ kind: 'reset' })
  await expect(target.vga).toShow('SeaBIOS')
  await expect(target.vga.type('x')).rejects.toMatchObject({ culprit: 'guest', exitStatus: 1 })
  await expect(target.stop()).resolves.toMatchObject({ outcome: 'reset' })
  await expect(target.vga.text()).resolves.toMatch(/^SeaBIOS/)
})

test('a character that is on no US keyboard is refused before a key is pressed', async () => {
  await using target = await bootDisk(await grubDisk(choice(), folder))
  await expect(target.vga).toShow('GNU GRUB')
  await expect(target.vga.type('c\u00fc')).rejects.toThrow(
    'type("cü") on vga: expected characters of a US keyboard, found "ü" (U+00FC).',
  )
  await expect(target.vga).toShow('Linux 2.4')
})
