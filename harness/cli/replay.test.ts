import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boot } from '../boot/boot.ts'
import { pistachio } from '../boot/pistachio.ts'

const program = path.resolve(import.meta.dirname, 'bootstand.mjs')
const pingpong = pistachio({ rootTask: 'pingpong' })

let folder: string
let run: string

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-replay-'))
  process.env['BOOTSTAND_RUNS'] = path.join(folder, 'runs')
  await using target = await boot(pingpong, { method: 'direct', profile: 'record' })
  await target.herc.waitFor('s: print SQLite table')
  await target.herc.type('1')
  await target.herc.waitFor('What now?')
  run = target.runFolder
})

afterAll(() => {
  delete process.env['BOOTSTAND_RUNS']
  fs.rmSync(folder, { recursive: true })
})

const bootstand = async (...words: string[]) =>
  await execa('node', [program, ...words], { reject: false, timeout: 100_000 })

test('a recorded run prints the same bytes again, keys included', async () => {
  const { stdout, exitCode } = await bootstand('replay', run)
  const { size } = fs.statSync(path.join(run, 'herc.out'))
  expect([stdout.split('\n').at(-1), exitCode]).toEqual([`herc: the same ${size} bytes`, 0])
  fs.appendFileSync(path.join(run, 'herc.out'), 'more')
  const other = await bootstand('replay', run)
  expect([other.stdout.split('\n').at(-1), other.exitCode]).toEqual([
    `herc: other bytes from offset ${size} on`,
    1,
  ])
})

test('a replay stops by the instruction that printed a text, in the routine that did', async () => {
  const found = await bootstand('replay', run, '--to', 'IPC ( 5 MRs)', '--json')
  const { instruction, places, registers } = JSON.parse(found.stdout) as {
    readonly instruction: number
    readonly places: readonly string[]
    readonly registers: readonly string[]
  }
  expect(places[0]).toMatch(/^pingpong, serial_put\+0x/)
  const printed = fs.readFileSync(path.join(run, 'replay/herc.out'), 'latin1')
  expect(printed.endsWith('IPC ( 5 MRs)')).toBe(true)
  const again = await bootstand('replay', run, '--to', String(instruction), '--json')
  expect(JSON.parse(again.stdout)).toMatchObject({ instruction, places, registers })
})

test('a crash is replayed to the instruction that faulted', async () => {
  const crashing = pistachio({ rootTask: 'rt-ud2' })
  await using target = await boot(crashing, { method: 'direct', profile: 'record' })
  await expect(target.herc.waitFor('never')).rejects.toThrow('invalid opcode')
  await target.stop()
  const { stdout } = await bootstand('replay', target.runFolder, '--to', 'fault')
  expect(stdout).toMatch(/^Before instruction \d+, at rt-ud2, main\+0x/)
  // On its stack lies where `main` would go back to.
  expect(stdout).toMatch(/^[0-9a-f]+: [0-9a-f]{8} {2}rt-ud2, returned\+0x/m)
})

test('what cannot be recorded or replayed is refused in a sentence', async () => {
  await expect(boot(pingpong, { method: 'iso', profile: 'record' })).rejects.toThrow(
    'Expected a boot by direct',
  )
  await using target = await boot(pingpong, { method: 'direct', profile: 'record' })
  await expect(target.checkpoint('early')).rejects.toThrow('Expected another profile than record')
  const unknown = await bootstand('replay', run, '--to', 'never printed')
  expect([unknown.stderr, unknown.exitCode]).toEqual([
    expect.stringContaining('The phases are: loader, kickstart, kernel, sigma0, root task.'),
    2,
  ])
  const far = await bootstand('replay', run, '--to', '999999999')
  expect(far.stderr).toMatch(/The replay does not come to that place: the recording has \d+ instr/)
})
