import { describe, expect, standIns, test } from 'bootstand/testing'
import { pistachio, type CrashPlace, type CrashReport } from 'bootstand'
import { execa } from 'execa'
import { toolPath } from '../../harness/host/tools.ts'
import { command } from '../../harness/test-tools/sandbox.ts'
import * as faults from './faults.ts'

const { bootSet, ...rest } = pistachio({ rootTask: 'pingpong' })
const [kernel, sigma0, rootTask] = bootSet.modules

/** Modules that nobody checks before they boot. */
const unchecked = (...modules: (typeof kernel)[]) => ({
  ...rest,
  bootSet: {
    ...bootSet,
    modules: modules.map((module) => ({ ...module!, format: 'any' as const })),
  },
})

/** What every kernel that stands in its debugger is asked, and what a page fault and lack of memory add. */
const asked = ['exception-frame', 'thread', 'ready-queue', 'memory']
const askedLast = ['kernel-interface-page', 'boot-information']

const stops = [
  ['undefined opcode', faults.undefinedOpcode, 'rt-ud2', [...asked, ...askedLast]],
  ['divide by zero', faults.divideByZero, 'rt-div0', [...asked, ...askedLast]],
  ['general protection', faults.generalProtection, 'rt-hlt', [...asked, ...askedLast]],
  ['kernel area', faults.kernelArea, 'rt-pf-high', [...asked, 'page-table', ...askedLast]],
  [
    'kernel memory',
    faults.kernelMemory,
    'x86-kernel',
    [...asked, 'kernel-memory', 'kernel-interface-page'],
  ],
  ['debugger entry', faults.debuggerEntry, 'rt-kdbenter', [...asked, ...askedLast]],
  ['return from main', faults.returnFromMain, 'rt-exit', [...asked, ...askedLast]],
  ['root task on sigma0', unchecked(kernel, sigma0, sigma0), undefined, []],
] as const

interface Explained {
  readonly images: readonly string[]
  readonly crashes: readonly CrashReport[]
  readonly findings: readonly { readonly id: string }[]
}

const explained = async (run: string): Promise<Explained> => {
  const { stdout } = await execa(command, ['explain', run, '--json'])
  return (JSON.parse(stdout) as { readonly logs: readonly Explained[] }).logs[0]!
}

/** The first line is the function, the second file and line. */
const addr2line = async (image: string, { instruction }: CrashPlace): Promise<string[]> => {
  const address = instruction.toString(16)
  const { stdout } = await execa(await toolPath('addr2line'), ['-fCe', image, address])
  return stdout.replace(/ \(discriminator \d+\)$/, '').split('\n')
}

const assertPlaces = async ({ images, crashes: [crash] }: Explained) => {
  const places = [...(crash!.where?.places ?? []), ...(crash!.noticed?.places ?? [])]
  for (const place of places) {
    const file = images.find((it) => it.endsWith(`/${place.image}`))!
    const [name, source] = await addr2line(file, place)
    expect([place.function, place.inlined?.[0]]).toContain(name!.replace(/\(.*$/, ''))
    expect(place.source ?? '??:0').toBe(source)
    expect(place.inlined).not.toContain(place.function)
  }
}

describe.for([
  ['the stand-ins', standIns],
  ['the images of the user', process.env['BOOTSTAND_IMAGES']],
] as const)('%s: what stops is asked why, and explained', ([, images]) => {
  const reason = 'BOOTSTAND_IMAGES names no directory with a Pistachio build'

  test.for(stops)('%s', async ([, scenario, image, kinds], { boot, skip }) => {
    skip(images === undefined, reason)
    const target = await boot(scenario, { images, method: 'direct' })
    await expect(target.herc.waitFor('never printed')).rejects.toThrow('did not print')
    const verdict = await target.stop()
    expect(verdict.interrogation.map((it) => it.split(':')[0])).toEqual(kinds)
    const told = await explained(target.runFolder)
    const [crash] = told.crashes
    expect(told.crashes).toHaveLength(1)
    if (image === undefined) {
      expect(crash!.title).toBe('Pistachio: kickstart gave up on roottask: overlaps sigma0')
      return
    }
    expect(crash!.where!.places[0]!.image.replace('ia32-', 'x86-')).toBe(image)
    if (scenario === faults.undefinedOpcode || scenario === faults.kernelMemory)
      expect(crash!.stack).not.toEqual([])
    // A breakpoint's address lies one byte behind it.
    if (scenario === faults.returnFromMain)
      expect(crash!.where!.places[0]!.instruction).toBe(Number(crash!.where!.address) - 1)
    await assertPlaces(told)
  })

  test('sigma0 and the root task swapped', async ({ boot, skip }) => {
    skip(images === undefined, reason)
    const target = await boot(unchecked(kernel, rootTask, sigma0), { images, method: 'direct' })
    await expect(target.herc).toPrint('Pingpong started c0001')
    // The stand-in has no total quantum, so it goes on.
    const stands = images !== standIns
    if (stands) await expect(target.herc.waitFor('never printed')).rejects.toThrow('did not print')
    const verdict = await target.stop()
    const told = await explained(target.runFolder)
    expect(told.findings.map(({ id }) => id)).toEqual(['modules-swapped'])
    if (!stands) return
    expect(verdict.interrogation.map((it) => it.split(':')[0])).toEqual([...asked, ...askedLast])
    expect(told.crashes).toHaveLength(1)
    expect(told.crashes[0]!.title).toMatch(/total quantum IPC unimplemented/)
    expect(told.crashes[0]!.where!.places[0]!.image).toBe('x86-kernel')
    await assertPlaces(told)
  })
})
