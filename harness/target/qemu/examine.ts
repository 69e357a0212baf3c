import fs from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { processState } from '../../host/processes.ts'
import { byProcessor, leastTime, type Examination, type Sample } from '../examination.ts'
import type { Emulator } from './emulator.ts'
import { forPeople, statusOf } from './monitor-commands.ts'
import type { Qmp } from './qmp.ts'
import { parseInterrupts, parseRegisters } from './registers.ts'

const sampleCount = 32

/** Milliseconds after which no more samples are taken than a verdict needs. */
const samplingLimit = 200
const fewestSamples = 10

/** A guest that a busy host does not run proves nothing: it is given so many milliseconds. */
const busyLimit = 1_000

/**
 * Looks at a running emulator and its guest. Takes about 150 ms, most of it between the samples; the
 * guest goes on meanwhile.
 *
 * @param folder The run's.
 */
export const examine = async (emulator: Emulator, folder: string): Promise<Examination> => {
  const started = performance.now()
  const { id } = emulator
  const before = processState(id)
  const freeSpace = await freeSpaceOf(folder)
  // A stopped process answers nothing.
  const answer = isStopped(before?.state) ? mute : await ask(emulator)
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

type Answer = Pick<Examination, 'status' | 'samples' | 'span' | 'interrupts'>

const mute: Answer = { status: undefined, samples: [], span: 0, interrupts: undefined }

const ask = async (emulator: Emulator): Promise<Answer> => {
  const { qmp, standstill } = emulator
  const asking = standstill.outside(async () => {
    const status = await statusOf(qmp)
    // At the key gate the guest stands still, and says where by one look.
    if (status === 'debug') return { ...mute, status, samples: await lookAt(qmp) }
    return { ...mute, status, ...(status === 'running' && (await sample(emulator))) }
  })
  return await Promise.race([asking.catch(() => mute), patience()])
}

/** Settles after two seconds in which answers would have been taken: we may be busy ourselves. */
const patience = async (): Promise<Answer> => {
  for (let turn = 0; turn < 100; turn++) await pause(20)
  return mute
}

const lookAt = async (qmp: Qmp): Promise<readonly Sample[]> =>
  parseRegisters(await forPeople(qmp, 'info registers -a'))

/** Samples keep no even step, which might be the guest's own. */
const steps = [2, 5, 3, 7, 1, 6, 4, 3]

const sample = async (emulator: Emulator): Promise<Omit<Answer, 'status'>> => {
  const { qmp } = emulator
  const cpuBefore = emulator.cpu ?? 0
  const before = parseInterrupts(await forPeople(qmp, 'info irq'))
  const samples: Sample[] = []
  let looks = 0
  const started = performance.now()
  const isEnough = () => {
    const took = performance.now() - started
    if (took > busyLimit) return true
    const isLate = looks >= fewestSamples && took > samplingLimit
    if (looks < sampleCount && !isLate) return false
    const hasRun = (emulator.cpu ?? 0) - cpuBefore >= leastTime
    return hasRun || byProcessor(samples).every((its) => its.some(({ halted }) => halted))
  }
  while (!isEnough()) {
    samples.push(...(await lookAt(qmp)))
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
