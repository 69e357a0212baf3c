import fs from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { withDeadline } from '../../core/deadline.ts'
import { processState } from '../../host/process.ts'
import type { Examination, Sample } from '../examination.ts'
import type { Emulator } from './emulator.ts'
import { forPeople } from './monitor-commands.ts'
import { parseInterrupts, parseRegisters } from './registers.ts'

const sampleCount = 32

/** Milliseconds after which no further sample is taken. */
const samplingLimit = 200

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

/** Milliseconds for all answers of a monitor, which may give none. */
const answerLimit = 1_000

const ask = async (qmp: Qmp, standstill: Emulator['standstill']): Promise<Answer> => {
  const asking = standstill.outside(async () => {
    const { status } = (await qmp.execute('query-status')) as { readonly status: string }
    return { ...mute, status, ...(status === 'running' && (await sample(qmp))) }
  })
  const late = () => new Error('no answer')
  return await withDeadline(asking, answerLimit, late).catch(() => mute)
}

/** Samples keep no even step, which might be the guest's own. */
const steps = [2, 5, 3, 7, 1, 6, 4, 3]

const sample = async (qmp: Qmp): Promise<Omit<Answer, 'status'>> => {
  const before = parseInterrupts(await forPeople(qmp, 'info irq'))
  const samples: Sample[] = []
  const started = performance.now()
  while (samples.length < sampleCount && performance.now() - started < samplingLimit) {
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
