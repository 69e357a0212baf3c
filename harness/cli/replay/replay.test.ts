import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boot } from '../../boot/boot.ts'
import { pistachio } from '../../boot/pistachio.ts'

const program = path.resolve(import.meta.dirname, '../bootstand.mjs')
const pingpong = pistachio({ rootTask: 'pingpong' })

let folder: string
let run: string
let crash: string

/** Does it when it is first asked for. */
const once = <Value>(does: () => Promise<Value>): (() => Promise<Value>) => {
  let value: Promise<Value> | undefined
  return async () => await (value ??= does())
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-replay-'))
  process.env['BOOTSTAND_RUNS'] = path.join(folder, 'runs')
  await using target = await boot(pingpong, { method: 'direct', profile: 'record' })
  await target.herc.waitFor('s: print SQLite table')
  await target.herc.type('1')
  await target.herc.waitFor('What now?')
  run = target.runFolder
  const crashing = pistachio({ rootTask: 'rt-ud2' })
  await using crashed = await boot(crashing, { method: 'direct', profile: 'record' })
  // Ended by the kernel's stop, which then stands in the verdict.
  await crashed.herc.waitFor('never').catch(() => {})
  crash = crashed.runFolder
}, 120_000)

afterAll(() => {
  delete process.env['BOOTSTAND_RUNS']
  fs.rmSync(folder, { recursive: true })
})

const bootstand = async (...words: string[]) =>
  await execa('node', [program, ...words], { reject: false, timeout: 100_000 })

test('a recorded run prints the same bytes again, keys included', async () => {
  const { size } = fs.statSync(path.join(run, 'herc.out'))
  const ours = `replay-${process.pid}-ours`
  // No process has that id: Linux ends them at 2^22.
  for (const name of [ours, 'replay-4194305-killed']) fs.mkdirSync(path.join(run, name))
  const { stdout, exitCode } = await bootstand('replay', run)
  expect([stdout.split('\n').at(-1), exitCode]).toEqual([`herc: the same ${size} bytes`, 0])
  const folders = fs.readdirSync(run).filter((name) => name.startsWith('replay-'))
  expect(folders).toHaveLength(2)
  expect(folders).toContain(ours)
  fs.appendFileSync(path.join(run, 'herc.out'), 'more')
  const other = await bootstand('replay', run)
  expect([other.stdout.split('\n').at(-1), other.exitCode]).toEqual([
    `herc: other bytes from offset ${size} on`,
    1,
  ])
})

test('a boot from a CD and one from a disk print the same bytes again', async () => {
  for (const method of ['iso', 'disk'] as const) {
    const crashing = pistachio({ rootTask: 'rt-ud2' })
    await using target = await boot(crashing, { method, profile: 'record' })
    await target.herc.waitFor('invalid opcode')
    await target.stop()
    const { stdout } = await bootstand('replay', target.runFolder)
    const { size } = fs.statSync(path.join(target.runFolder, 'herc.out'))
    expect(stdout.split('\n').at(-1)).toBe(`herc: the same ${size} bytes`)
  }
})

test('a replay stops by the instruction that printed a text, in the routine that did', async () => {
  const found = await bootstand('replay', run, '--to', 'IPC ( 5 MRs)', '--json')
  const {
    folder: its,
    instruction,
    places,
    registers,
  } = JSON.parse(found.stdout) as {
    readonly folder: string
    readonly instruction: number
    readonly places: readonly string[]
    readonly registers: readonly string[]
  }
  expect(places[0]).toMatch(/^pingpong, serial_put\+0x/)
  const printed = fs.readFileSync(path.join(its, 'herc.out'), 'latin1')
  expect(printed.endsWith('IPC ( 5 MRs)')).toBe(true)
  const again = await bootstand('replay', run, '--to', String(instruction), '--json')
  expect(JSON.parse(again.stdout)).toMatchObject({ instruction, places, registers })
})

interface State {
  readonly instruction: number
  readonly places: readonly string[]
  readonly trail: readonly { readonly places: readonly string[]; readonly times: number }[]
}

/** What is told of the instruction that faulted, and its number; looked for once. */
const fault = once(async () => {
  const { stdout } = await bootstand('replay', crash, '--to', 'fault', '--trail', '4')
  return { stdout, instruction: /^Before instruction (\d+), at rt-ud2, main\+/.exec(stdout)![1]! }
})

test('a crash is replayed to the instruction that faulted, and to those before', async () => {
  const { stdout, instruction } = await fault()
  // On its stack lies where `main` would go back to.
  expect(stdout).toMatch(/^[0-9a-f]+: [0-9a-f]{8} {2}rt-ud2, returned\+0x/m)
  // It came from printing a line.
  expect(stdout).toMatch(/^\d+ +\d+ +\d+× {2}rt-ud2, serial_put\+0x/m)
  expect(stdout.split('\n').at(-1)).toMatch(/^\d+ +\d+ {8}rt-ud2, printf\+0x/)
  const back = await bootstand(
    ...['replay', crash, '--to', instruction, '--back', '1', '--trail', '3', '--json'],
  )
  const state = JSON.parse(back.stdout) as State
  expect(state.instruction).toBe(Number(instruction) - 1)
  expect(state.places[0]).toMatch(/^rt-ud2, printf\+0x/)
  expect(state.trail).toHaveLength(3)
})

test('gdb takes a replay over at its place, and knows kernel, program and sources', async ({
  skip,
}) => {
  const found = await execa('gdb', ['--version'], { reject: false })
  skip(found.exitCode !== 0, 'gdb is not installed: apt-get install gdb')
  const words = ['replay', crash, '--to', (await fault()).instruction, '--gdb']
  const replay = execa('node', [program, ...words], { reject: false, timeout: 100_000 })
  const asked = ['x/i $pc', 'list', 'bt', 'break page_fault', 'stepi', 'reverse-stepi'].map(
    (it) => `-ex '${it}'`,
  )
  const gdb = await execa(`${await commandIn(replay.stderr)} -batch ${asked.join(' ')}`, {
    ...{ shell: true, reject: false, timeout: 60_000, env: { LC_ALL: 'C' } },
  })
  replay.kill('SIGINT')
  expect((await replay).exitCode).toBe(0)
  expect(gdb.stdout).toMatch(/^=> 0x\w+ <main\+\d+>:\s+ud2/m)
  expect(gdb.stdout).toContain('\tROOT_TASK(3) { __asm__ volatile("ud2"); }')
  expect(gdb.stdout).toMatch(/^#1 .* main \(\) at user\/rt-ud2\.c:/m)
  expect(gdb.stdout).toMatch(/^Breakpoint 1 at 0xf01\w+: file kernel\//m)
  // Its step raises the exception.
  expect(gdb.stdout).toMatch(/^0xf01\w+ in trap_vectors \(\)/m)
  // It does not go back, and does not hang.
  expect(gdb.stderr).toContain('Remote failure reply: E14')
})

/** The command that a replay prints when it waits for gdb. */
const commandIn = async (lines: AsyncIterable<Buffer>): Promise<string> => {
  let text = ''
  for await (const piece of lines) {
    text += piece.toString()
    const found = /^ {2}(cd .* gdb -nx -x .*)$/m.exec(text)
    if (found !== null) return found[1]!
  }
  throw new Error(text)
}

test('a recording that QEMU has not ended, or cannot read, is told', async () => {
  const killed = path.join(folder, 'killed')
  fs.mkdirSync(killed)
  fs.copyFileSync(path.join(run, 'verdict.json'), path.join(killed, 'verdict.json'))
  const recorded = fs.readFileSync(path.join(run, 'recording'))
  fs.writeFileSync(path.join(killed, 'recording'), recorded.fill(0, 0, 12))
  const { stderr, exitCode } = await bootstand('replay', killed)
  expect([stderr, exitCode]).toEqual([
    `bootstand: Expected a recording that QEMU has ended, found one before whose end it was killed: ${killed}. Record the boot again.`,
    2,
  ])
  const damaged = path.join(folder, 'damaged')
  fs.cpSync(run, damaged, { recursive: true })
  fs.writeFileSync(path.join(damaged, 'recording'), 'no recording')
  const junk = await bootstand('replay', damaged)
  expect([junk.stderr, junk.exitCode]).toEqual([
    'bootstand: QEMU ended while it ran the recording again, behind instruction 0: the recording is damaged. Record the boot again.',
    2,
  ])
})

test('what cannot be recorded is refused in a sentence', async () => {
  await expect(boot(pingpong, { method: 'floppy', profile: 'record' })).rejects.toThrow(
    'Expected a boot by direct, iso or disk, from power-on and without a network',
  )
  await using target = await boot(pingpong, { method: 'direct', profile: 'record' })
  await expect(target.checkpoint('early')).rejects.toThrow('Expected another profile than record')
})

test('a place where a replay does not come is refused in a sentence', async () => {
  for (const text of ['never printed', '']) {
    const unknown = await bootstand('replay', run, '--to', text)
    expect([unknown.stderr, unknown.exitCode]).toEqual([
      expect.stringContaining('The phases are: loader, kickstart, kernel, sigma0, root task.'),
      2,
    ])
  }
  const early = await bootstand('replay', run, '--to', '5', '--back', '6')
  expect([early.stderr, early.exitCode]).toEqual([
    'bootstand: Expected --back of at most 5 instructions, where power-on is; found 6.',
    2,
  ])
  const far = await bootstand('replay', run, '--to', '999999999')
  expect(far.stderr).toMatch(/The replay does not come to that place: the recording has \d+ instr/)
})
