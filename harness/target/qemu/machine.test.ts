import fs from 'node:fs'
import path from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { bootDisk } from '../../boot/boot-disk.ts'
import { boot } from '../../boot/boot.ts'
import type { BootedTarget } from '../../boot/target.ts'
import { readVerdict } from '../../run-folder/verdict-file.ts'
import { pistachio } from '../../boot/pistachio.ts'
import { processesIn } from '../../host/processes.ts'
import { talker } from '../../test-tools/talker.ts'
import { folder, runs, useRuns } from '../../test-tools/runs.ts'

useRuns()

/** A root task that writes a value to an I/O port, as drivers do. */
const writes = (words: string) => pistachio({ rootTask: 'rt-port', arguments: words })

const filesOf = (target: BootedTarget) => fs.readdirSync(target.runFolder)

test.for([
  // ACPI's PM1a control register of QEMU's PC at 0x604: sleep type 0, sleep enable.
  ['shutdown', 'shutdown', 'port=1540 bytes=2 value=8192', 'the guest switched the machine off'],
  // The keyboard controller at 0x64: pulse the reset line.
  ['reset', 'reset', 'port=100 bytes=1 value=254', 'the guest reset the machine'],
  // pvpanic at 0x505: panicked.
  ['panic', 'crashed', 'port=1285 bytes=1 value=1', 'the guest reported a panic'],
] as const)('a %s is told from the others', async ([kind, outcome, words, what]) => {
  await using target = await boot(writes(words), { method: 'direct' })
  await expect(target.ended).resolves.toEqual({ kind, what, culprit: 'guest' })
  await expect(target.stop()).resolves.toMatchObject({ outcome, culprit: 'guest' })
})

test('a triple fault is told from a reset', async () => {
  await using target = await boot(pistachio({ rootTask: 'rt-triplefault' }), { method: 'direct' })
  await expect(target.ended).resolves.toMatchObject({ kind: 'triple-fault', culprit: 'guest' })
})

test('an emulator that is killed is no failure of the guest', async () => {
  const options = { method: 'direct', profile: 'record' } as const
  await using target = await boot(pistachio({ rootTask: 'rt-spin' }), options)
  await target.herc.waitFor('Idle thread started')
  const wait = target.herc.waitFor('never').catch((error: unknown) => error)
  process.kill(processesIn(target.runFolder)[0]!, 'SIGKILL')
  await expect(wait).resolves.toMatchObject({ failure: 'ended', culprit: 'host' })
  await expect(target.stop()).resolves.toMatchObject({
    outcome: 'emulator-failed',
    culprit: 'host',
    summary: 'QEMU failed: it was killed by SIGKILL and said nothing',
    notes: [expect.stringContaining('before it had ended its recording')],
  })
})

test('a machine that was switched off takes no keys and prints no more', async () => {
  const target = await boot(pistachio({ rootTask: 'pingpong' }), { method: 'direct' })
  await target.herc.waitFor('s: print SQLite table')
  await target.stop()
  await expect(target.herc.type('1')).rejects.toMatchObject({ culprit: 'usage' })
  await expect(target.herc.waitFor('never')).rejects.toMatchObject({ culprit: 'usage' })
})

test('many keys wait until the guest takes them', async () => {
  await using target = await boot(pistachio({ rootTask: 'pingpong' }), { method: 'direct' })
  await target.herc.waitFor('s: print SQLite table')
  await target.herc.type(`${'x'.repeat(200)}2`)
  const { line } = await target.herc.waitFor(/^IPC \(63 MRs\)/)
  expect(line).toMatch(/: [\d.]+ cycles/)
})

test('no boot leaves a descriptor open', async () => {
  const descriptors = () => fs.readdirSync('/proc/self/fd').length
  const before = descriptors()
  for (let round = 0; round < 3; round++) {
    await using target = await boot(pistachio({ rootTask: 'rt-spin' }), { method: 'direct' })
    await target.herc.waitFor('Idle thread started')
  }
  await expect.poll(descriptors).toBeLessThanOrEqual(before)
})

test('an aborted boot leaves nothing', async () => {
  const signal = AbortSignal.abort(new Error('changed my mind'))
  const booting = boot(pistachio({ rootTask: 'rt-spin' }), { method: 'direct', signal })
  await expect(booting).rejects.toThrow('changed my mind')
  expect(fs.readdirSync(runs)).toEqual([])
})

test('a run folder may lie deeper than a socket path may be long', async () => {
  process.env['BOOTSTAND_RUNS'] = path.join(runs, 'deep'.repeat(30), 'deeper'.repeat(20))
  await using target = await boot(pistachio({ rootTask: 'rt-spin' }), { method: 'direct' })
  await target.herc.waitFor('Idle thread started')
  expect(fs.readFileSync(path.join(target.runFolder, 'herc.out'), 'latin1')).toContain(
    'Idle thread started',
  )
})

test('nothing but the evidence stays behind', async () => {
  const target = await boot(pistachio({ rootTask: 'rt-spin' }), { method: 'direct' })
  await target.herc.waitFor('Idle thread started')
  expect(processesIn(target.runFolder)).toHaveLength(1)
  const [verdict, again] = await Promise.all([target.stop(), target.stop()])
  expect(again).toBe(verdict)
  expect(processesIn(target.runFolder)).toEqual([])
  expect(filesOf(target)).not.toContain('herc.in')
  expect(filesOf(target)).not.toContain('qmp.sock')
  expect(readVerdict(target.runFolder)).toEqual(verdict)
})

test('a root task that prints a megabyte while nobody waits loses nothing', async () => {
  await using target = await boot(pistachio({ rootTask: 'rt-flood', arguments: 'bytes=1M' }), {
    method: 'direct',
  })
  await target.herc.waitFor('flood done')
  const text = fs.readFileSync(target.herc.transcript.path, 'latin1')
  expect(text.length).toBeGreaterThan(1_000_000)
})

test('menu, files and command in the run folder boot the same again', async () => {
  await using target = await boot(pistachio({ rootTask: 'pingpong' }), {
    method: 'iso',
    from: 'loader',
  })
  await target.herc.waitFor("Booting 'L4Ka::Pistachio pingpong'")
  expect(filesOf(target)).toEqual(expect.arrayContaining(['menu.lst', 'medium.iso', 'qemu.sh']))
  const script = fs.readFileSync(path.join(target.runFolder, 'qemu.sh'), 'utf8')
  expect(script).toMatch(
    /^cd "\$\(dirname "\$0"\)\/medium" && exec qemu-system-i386 .*-drive file=\.\.\/medium\.iso/m,
  )
})

test('what boots the same by hand has all ports of the machine, and its clock', async () => {
  const talks = [
    ['com1', 'one\n'],
    ['com2', 'two\n'],
    ['debug', 'three\n'],
  ] as const
  const ports = { consoles: ['com1', 'com2'], debugPort: 'debug' } as const
  await using target = await bootDisk(talker(folder, talks), { ...ports, profile: 'deterministic' })
  await target.waitForAll({ com1: 'one', com2: 'two', debug: 'three' })
  const { runFolder } = await target.stop()
  const script = fs.readFileSync(path.join(runFolder, 'qemu.sh'), 'utf8')
  expect(script).toMatch(/^# Mute: COM2 \(com2\), port 0xe9 \(debug\)\. With file:NAME/m)
  expect(script).toContain(' -icount shift=6,sleep=off ')
  const edited = path.join(runFolder, 'edited.sh')
  const [two, three] = ['two', 'three'].map((it) => path.join(folder, it))
  const withFiles = script
    .replace('-serial null', `-serial file:${two}`)
    .replace('-debugcon null', `-debugcon file:${three}`)
  fs.writeFileSync(edited, withFiles)
  const run = execa('sh', [edited], { stdin: 'pipe' })
  await expect.poll(() => fs.existsSync(three!) && fs.readFileSync(three!, 'utf8')).toBe('three\n')
  expect(fs.readFileSync(two!, 'utf8')).toBe('two\n')
  run.stdin.write('\x01x')
  expect((await run).stdout).toContain('one')
})
