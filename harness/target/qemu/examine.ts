import fs from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { processState } from '../../host/processes.ts'
import type { Examination, Sample } from '../examination.ts'
import type { Emulator } from './emulator.ts'
import { forPeople } from './monitor-commands.ts'
import { parseInterrupts, parseRegisters } from './registers.ts'

const sampleCount = 32

/** Milliseconds after which no more samples are taken than a verdict needs. */
const samplingLimit = 200
const fewestSamples = 10

/**
 * Looks at a running emulator and its guest. Takes about 150 ms, most of it between the samples; the
 * guest goes on meanwhile.
 *
 * @param folder The run's.
 */
export const examine = async (
  { qmp, standstill, id }: Emulator,
  folder: string,
): Promise<Examination> => {
  const started = performance.now()
  const before = processState(id)
  const freeSpace = await freeSpaceOf(folder)
  // A stopped process answers nothing.
  const answer = isStopped(before?.state) ? mute : await ask(qmp, standstill)
  const after = processState(id)
  return {
    ...answer,
    process: after?.state,
    emulatorTime: before && after && after.time - before.time,
    freeSpace,
    took: performance.now() - started,
  }
}

const isStopped = (state: string | undefined): boolean => state === 'T' || state === 't'

type Qmp = Emulator['qmp']
type Answer = Pick<Examination, 'status' | 'samples' | 'span' | 'interrupts'>

const mute: Answer = { status: undefined, samples: [], span: 0, interrupts: undefined }

const ask = async (qmp: Qmp, standstill: Emulator['standstill']): Promise<Answer> => {
  const asking = standstill.outside(async () => {
    const { status } = (await qmp.execute('query-status')) as { readonly status: string }
    return { ...mute, status, ...(status === 'running' && (await sample(qmp))) }
  })
  return await Promise.race([asking.catch(() => mute), patience()])
}

/** Settles after a second in which answers would have been taken: we may be busy ourselves. */
const patience = async (): Promise<Answer> => {
  for (let turn = 0; turn < 50; turn++) await pause(20)
  return mute
}

/** Samples keep no even step, which might be the guest's own. */
const steps = [2, 5, 3, 7, 1, 6, 4, 3]

const sample = async (qmp: Qmp): Promise<Omit<Answer, 'status'>> => {
  const before = parseInterrupts(await forPeople(qmp, 'info irq'))
  const samples: Sample[] = []
  const started = performance.now()
  const isLate = () => performance.now() - started > samplingLimit
  for (let left = sampleCount; left > 0; left--) {
    if (samples.length >= fewestSamples && isLate()) break
    const it = parseRegisters(await forPeople(qmp, 'info registers'))
    if (it !== undefined) samples.push(it)
    await pause(steps[samples.length % steps.length])
  }
  const after = parseInterrupts(await forPeople(qmp, 'info irq'))
  const interrupts = before === undefined || after === undefined ? undefined : after - before
  return { samples, span: performance.now() - started, interrupts }
}

const freeSpaceOf = async (folder: string): Promise<number | undefined> => {
  const found = await fs.statfs(folder).catch(() => undefined)
  return found && found.bavail * found.bsize
}
