import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { Transcript } from '../console/transcript.ts'
import { l4linuxProfile } from '../kernel/l4linux.ts'
import { pistachioProfile } from '../kernel/pistachio.ts'
import { Observer } from './observer.ts'

const recordings = path.join(import.meta.dirname, '../../fixtures/recordings/pistachio')

/** Lets an observer follow a recording from its first to its last byte. */
const observe = async (name: string): Promise<Observer> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-observer-'))
  try {
    const file = path.join(folder, 'herc.out')
    fs.copyFileSync(path.join(recordings, name), file)
    const transcript = new Transcript(file, 'herc', () => 0)
    const observer = new Observer([{ role: 'herc', transcript }], pistachioProfile, {})
    await transcript.close({ what: 'over', culprit: 'host' })
    await observer.done
    return observer
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

const phasesOf = (observer: Observer) => observer.phases(0).map((phase) => phase.name)

test('a real boot passes through every phase', async () => {
  const phases = ['loader', 'kickstart', 'kernel', 'sigma0', 'root task']
  expect(phasesOf(await observe('01-pingpong-tcg.log'))).toEqual(phases)
  expect(phasesOf(await observe('30-grub-iso.log'))).toEqual(phases)
})

test('a phase that one console showed late came before those that follow it on another', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-observer-'))
  let now = 0
  const consoles = ['herc', 'ttyS1'].map((role) => {
    const file = path.join(folder, `${role}.out`)
    fs.writeFileSync(file, '')
    return { role, file, transcript: new Transcript(file, role, () => now) }
  })
  const [herc, ttyS1] = consoles
  const observer = new Observer(consoles, l4linuxProfile, {})
  fs.writeFileSync(ttyS1!.file, 'Linux version 2.4.22\n')
  now = 10
  await ttyS1!.transcript.close({ what: 'over' })
  fs.writeFileSync(herc!.file, 'KickStart 0.13\n')
  now = 20
  await herc!.transcript.close({ what: 'over' })
  await observer.done
  fs.rmSync(folder, { recursive: true })
  expect(observer.phases(15).map(({ name, reached }) => [name, reached])).toEqual([
    ['loader', 0],
    ['kickstart', 10],
    ['Linux', 10],
  ])
})

test('a boot that kickstart gives up stops there', async () => {
  expect(phasesOf(await observe('20-err-kernel-only.log'))).toEqual(['loader', 'kickstart'])
})

test('what stopped the guest is noted, awaited or not', async () => {
  const idsOf = async (name: string) => (await observe(name)).stops.map((stop) => stop.id)
  expect(await idsOf('20-err-kernel-only.log')).toEqual(['kickstart-failure'])
  expect(await idsOf('10-rt-hlt.log')).toContain('kernel-panic')
  expect(await idsOf('30-grub-iso.log')).toEqual([])
})

test('a crash was awaited only where a wait has seen its line, and the first that was not decides', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-observer-'))
  const file = path.join(folder, 'herc.out')
  const lines = ['--- "KD# #GP" ---', '--- "hello" ---', '--- "KD# invalid opcode" ---']
  fs.writeFileSync(file, lines.map((it) => `${it}\n`).join(''))
  const transcript = new Transcript(file, 'herc', () => 0)
  const observer = new Observer([{ role: 'herc', transcript }], pistachioProfile, {})
  await transcript.close({ what: 'over' })
  await observer.done
  fs.rmSync(folder, { recursive: true })
  const crashAfter = (seen: number) => {
    const offset = lines.slice(0, seen).join('\n').length + (seen === 0 ? 0 : 1)
    const { stop, awaited } = observer.crash(() => ({ offset, column: 0 }))!
    return [stop.line, awaited]
  }
  // What the guest itself asked its debugger for is no crash.
  expect(crashAfter(0)).toEqual([lines[0], false])
  expect(crashAfter(1)).toEqual([lines[2], false])
  expect(crashAfter(2)).toEqual([lines[2], false])
  expect(crashAfter(3)).toEqual([lines[2], true])
})

test('every measured line of pingpong is a measurement', async () => {
  const { measurements } = await observe('01-pingpong-tcg.log')
  const count = (benchmark: string) =>
    measurements.filter((it) => it['benchmark'] === benchmark).length
  expect({
    interAs: count('Inter-AS'),
    intraAs: count('Intra-AS'),
    xcpu: count('XCPU'),
    all: measurements.length,
  }).toEqual({ interAs: 128, intraAs: 128, xcpu: 64, all: 320 })
  expect(measurements[0]).toEqual({
    benchmark: 'Inter-AS',
    messageRegisters: 0,
    cycles: 10_772.32,
    microseconds: 4.12,
  })
})

test('what follows a stop is heard out by the clock of its console', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-observer-'))
  const file = path.join(folder, 'herc.out')
  fs.writeFileSync(file, '--- "KD# invalid opcode" ---\n')
  const transcript = new Transcript(file, 'herc', () => performance.now() - 1_000_000)
  const observer = new Observer([{ role: 'herc', transcript }], pistachioProfile, {})
  await expect.poll(() => observer.stops.length).toBe(1)
  const heard = observer.hearOut().then(() => transcript.size)
  fs.appendFileSync(file, 'explains it\n')
  expect(await heard).toBe(fs.statSync(file).size)
  await transcript.close({ what: 'over' })
  await observer.done
  fs.rmSync(folder, { recursive: true })
})

test('what a wait has read before the observer is observed before the boot is judged', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-observer-'))
  const file = path.join(folder, 'herc.out')
  // The observer lets others go first after some lines.
  fs.writeFileSync(file, `${'noise\n'.repeat(200_000)}--- "KD# invalid opcode" ---\n`)
  const transcript = new Transcript(file, 'herc', () => performance.now())
  const observer = new Observer([{ role: 'herc', transcript }], pistachioProfile, {})
  await transcript.growth(0)
  const { size } = fs.statSync(file)
  while (transcript.size < size) await transcript.growth(transcript.size)
  await observer.hearOut()
  expect(observer.stops.map(({ id }) => id)).toEqual(['kernel-panic'])
  await transcript.close({ what: 'over' })
  await observer.done
  fs.rmSync(folder, { recursive: true })
})
