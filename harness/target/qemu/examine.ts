import fs from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { processState } from '../../host/processes.ts'
import { totalWithheld, watchWithheld, type WithheldTime } from '../../host/withheld-time.ts'
import {
  byProcessor,
  leastSamples,
  leastTime,
  type Examination,
  type Sample,
} from '../examination.ts'
import type { Emulator } from './emulator.ts'
import { forPeople, statusOf } from './monitor-commands.ts'
import type { Qmp } from './qmp.ts'
import { parseInterrupts, parseRegisters } from './registers.ts'

/**
 * Milliseconds after which no more samples are taken, by the emulator's clock and by the host's: a guest that a busy host
 * does not run proves nothing.
 */
const samplingLimit = 1_000
const hostLimit = 5_000

/**
 * Looks at a running emulator and its guest. Takes about 150 ms, most of it between the samples, and longer on a busy host;
 * the guest goes on meanwhile.
 *
 * @param folder The run's.
 */
export const examine = async (emulator: Emulator, folder: string): Promise<Examination> => {
  const started = performance.now()
  const { id } = emulator
  const before = processState(id)
  const withheld = [id, process.pid].map((it) => watchWithheld(it))
  const freeSpace = await freeSpaceOf(folder)
  // A stopped process answers nothing.
  const answer = isStopped(before?.state) ? mute : await ask(emulator)
  const after = processState(id)
  return {
    ...answer,
    process: after?.state,
    withheld: withheld.map((it) => it()).reduce(more),
    emulatorTime: before && after && after.time - before.time,
    freeSpace,
    took: performance.now() - started,
  }
}

const more = (a: WithheldTime, b: WithheldTime): WithheldTime =>
  totalWithheld(a) < totalWithheld(b) ? b : a

const isStopped = (state: string | undefined): boolean => state === 'T' || state === 't'

type Answer = Pick<Examination, 'status' | 'samples' | 'span' | 'interrupts'>

const mute: Answer = { status: undefined, samples: [], span: 0, interrupts: undefined }

const ask = async (emulator: Emulator): Promise<Answer> => {
  const { qmp, standstill } = emulator
  let answers = 0
  const asking = standstill.outside(async () => {
    const status = await statusOf(qmp)
    answers++
    // At the key gate the guest stands still, and says where by one look.
    if (status === 'debug') return { ...mute, status, samples: await lookAt(qmp) }
    const taken = status === 'running' && (await sample(emulator, () => answers++))
    return { ...mute, status, ...taken }
  })
  return await Promise.race([asking.catch(() => mute), patience(() => answers)])
}

/** Settles after two seconds without an answer in which one would have been taken: we may be busy ourselves. */
const patience = async (answers: () => number): Promise<Answer> => {
  let last = 0
  for (let turn = 0; turn < 100; turn++) {
    await pause(20)
    if (answers() !== last) turn = 0
    last = answers()
  }
  return mute
}

const lookAt = async (qmp: Qmp): Promise<readonly Sample[]> =>
  parseRegisters(await forPeople(qmp, 'info registers -a'))

/** Samples keep no even step, which might be the guest's own. */
const steps = [2, 5, 3, 7, 1, 6, 4, 3]

const sample = async (
  emulator: Emulator,
  onAnswer: () => void,
): Promise<Omit<Answer, 'status'>> => {
  const { qmp, time } = emulator
  const cpuBefore = emulator.cpu ?? 0
  const before = parseInterrupts(await forPeople(qmp, 'info irq'))
  const samples: Sample[] = []
  let looks = 0
  const [started, startedBy] = [performance.now(), time()]
  const isEnough = () => {
    if (performance.now() - started > hostLimit) return true
    if (time() - startedBy > samplingLimit) return true
    if (looks < leastSamples) return false
    const hasRun = (emulator.cpu ?? 0) - cpuBefore >= leastTime
    return hasRun || byProcessor(samples).every((its) => its.some(({ halted }) => halted))
  }
  while (!isEnough()) {
    samples.push(...(await lookAt(qmp)))
    onAnswer()
    await pause(steps[++looks % steps.length])
  }
  const after = parseInterrupts(await forPeople(qmp, 'info irq'))
  const interrupts = before === undefined || after === undefined ? undefined : after - before
  return { samples, span: performance.now() - started, interrupts }
}

const freeSpaceOf = async (folder: string): Promise<number | undefined> => {
  const found = await fs.statfs(folder).catch(() => undefined)
  return found && found.bavail * found.bsize
}
