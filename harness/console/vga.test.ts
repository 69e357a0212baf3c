import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { vgaCells, type VgaTextMode } from '../formats/vga-text.ts'
import { firmwareStops } from '../kernel/firmware.ts'
import { failureOf } from '../test-tools/consoles.ts'
import type { VgaReading } from './vga-image.ts'
import { VgaRecording } from './vga-recording.ts'
import { Vga, type VgaParts } from './vga.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-vga-'))
})

afterEach(() => fs.rmSync(folder, { recursive: true }))

/** A reading of some rows; what stands between braces is on another background. */
const screenOf = (text: string, cursorRow = 24): VgaReading => {
  const mode: VgaTextMode = {
    ...{ columns: 80, rows: 25, start: 0, pitch: 80 },
    cursor: { row: cursorRow, column: 0 },
  }
  const memory = Buffer.alloc(4000, Buffer.from([0x20, 0x07]))
  for (const [row, line] of text.split('\n').entries()) {
    let attribute = 0x07
    for (const [column, character] of Array.from(line).entries()) {
      attribute = character === '{' ? 0x70 : character === '}' ? 0x07 : attribute
      const byte = '{}'.includes(character) ? 0x20 : character.charCodeAt(0)
      memory.set([byte, attribute], (row * 80 + column) * 2)
    }
  }
  return { mode, cells: vgaCells(mode, memory) }
}

/** A VGA that shows one reading after the other, and then the last one for ever. */
const openVga = (readings: VgaReading[], parts: Partial<VgaParts> = {}) => {
  const typed: string[] = []
  const waits: unknown[] = []
  let looks = 0
  const vga = new Vga({
    read: async () => readings[Math.min(looks++, readings.length - 1)]!,
    type: async (text) => {
      typed.push(text)
    },
    now: () => 0,
    recording: new VgaRecording(path.join(folder, 'vga.cast'), () => 0),
    stops: firmwareStops,
    onWaited: (error) => waits.push(error),
    ...parts,
  })
  return { vga, typed, waits }
}

test('a wait looks until the text stands there; then keys may be typed', async () => {
  const { vga, typed, waits } = openVga([screenOf(''), screenOf('a\nlogin: ', 1)])
  await expect(vga.type('root\n')).rejects.toMatchObject({ code: 'BOOTSTAND_TYPED_AHEAD' })
  await expect(vga.waitToShow('login: ')).resolves.toMatchObject({ row: 1, line: 'login:' })
  await vga.type('root\n')
  expect(typed).toEqual(['root\n'])
  expect(waits).toEqual([undefined])
})

test('a RegExp is not content with half a word where the cursor is', async () => {
  const { vga } = openVga([screenOf('Launching k', 0), screenOf('Launching kernel', 0)])
  await expect(vga.waitToShow(/Launching \w+/)).resolves.toMatchObject({ text: 'Launching kernel' })
})

test('a failure shows the screen, with what is highlighted', async () => {
  const { vga, waits } = openVga([screenOf('menu\n {Linux}')])
  const error = await failureOf(vga.waitToShow(/never/, { within: 0 }))
  expect(error).toMatchObject({ failure: 'not-shown', culprit: 'guest' })
  expect(error.message.replace(/waited [^)]+/, 'waited N')).toBe(
    `vga did not show /never/: it was not shown within 0 ms (waited N).
The screen of vga:
  ┌───────┐
  │menu   │
▶ │  Linux│
  └───────┘`,
  )
  expect(waits).toEqual([error])
})

test('a stop text in half a line leaves time for the other half', async () => {
  const [half, whole] = ['No bootable device. Ins', 'No bootable device. Insert a floppy']
  const { vga } = openVga([screenOf(half), screenOf(whole)])
  await expect(vga.waitToShow('floppy')).resolves.toHaveProperty('line', whole)
})

test('a stop text ends a wait at once, but not one that follows a wait that it met', async () => {
  const { vga } = openVga([screenOf('No bootable device.')])
  await expect(failureOf(vga.waitToShow('never'))).resolves.toMatchObject({
    failure: 'stop',
    culprit: 'bootset',
  })
  await vga.waitToShow('No bootable device.')
  await expect(failureOf(vga.waitToShow('never', { within: 0 }))).resolves.toMatchObject({
    failure: 'not-shown',
  })
})

test('a wait outlives graphics, and ends with the machine', async () => {
  const { vga } = openVga(['it shows graphics, not text', screenOf('text again')])
  await vga.waitToShow('text again')
  const wait = failureOf(vga.waitToShow('never'))
  vga.close({ what: 'the guest was reset', culprit: 'guest' })
  await expect(wait).resolves.toMatchObject({ failure: 'ended', culprit: 'guest' })
})

test('a signal ends a wait, with its reason', async () => {
  const controller = new AbortController()
  const { vga } = openVga([screenOf('')], { signal: controller.signal })
  const wait = expect(vga.waitToShow('never')).rejects.toThrow('the test is over')
  controller.abort(new Error('the test is over'))
  await wait
})

test('patterns that can never be shown are refused, and so is a second wait', async () => {
  const { vga } = openVga([screenOf('')])
  await expect(vga.waitToShow('5 €')).rejects.toThrow("a PC's screen has no such character")
  await expect(vga.waitToShow('')).rejects.toThrow('it is empty')
  const first = failureOf(vga.waitToShow('never', { within: 300 }))
  await expect(vga.waitToShow('x')).rejects.toMatchObject({ code: 'BOOTSTAND_TWO_WAITS' })
  await first
})

test('the last look is what stays', async () => {
  const { vga } = openVga([screenOf('first'), screenOf('last words\n\n'), screenOf('never seen')])
  await vga.waitToShow('first')
  await expect(vga.conclude()).resolves.toBe('last words')
  await expect(vga.text()).resolves.toBe('last words')
})

test('a recording that has ended is whole, and one that cannot be written ends too', async () => {
  const { vga } = openVga([screenOf('first'), screenOf('second')])
  await vga.waitToShow('first')
  await vga.waitToShow('second')
  await vga.type('root\n')
  await vga.endRecording()
  const cast = () => fs.readFileSync(path.join(folder, 'vga.cast'), 'utf8')
  expect(cast()).toMatch(/^\{[^]*first"\]\n[^]*second"\]\n[^]*"root\\n"\]\n$/)
  await vga.waitToShow('second')
  await vga.type('late')
  await vga.endRecording()
  expect(cast()).not.toContain('late')

  const recording = new VgaRecording(path.join(folder, 'missing', 'vga.cast'), () => 0)
  recording.typed('x')
  await expect(recording.close()).resolves.toBeUndefined()
})
