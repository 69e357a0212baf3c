import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { FuzzMessage, FuzzWork } from './worker.ts'

/** A case that was not answered as bad input must be. */
export interface FuzzFailure {
  readonly format: string
  readonly index: number
  readonly error: string
}

/** Seconds of processor time, and bytes, that one case may take. */
const limits = { seconds: 2, bytes: 512 * 2 ** 20 } as const

/** Cases after which a fresh worker continues, so that what readers keep does not add up in an hour. */
const casesOfWorker = 20_000

/** Milliseconds between two samples of the worker. */
const interval = 100

/**
 * Runs cases in a worker. A case that takes too much time or memory ends the worker; the next worker continues after it.
 *
 * @returns how many cases each format had.
 */
export const superviseFuzzing = async (
  work: Omit<FuzzWork, 'progress'>,
  report: (failure: FuzzFailure) => void,
): Promise<readonly number[]> => {
  const progress = new SharedArrayBuffer(4 * (1 + work.formats.length))
  const formatOf = (index: number) => work.formats[index % work.formats.length]!
  const reported = (index: number, error: string) =>
    report({ format: formatOf(index), index, error })
  for (let first = work.first; first < work.end && Date.now() < work.until;) {
    const end = Math.min(work.end, first + casesOfWorker)
    first = await runWorker({ ...work, first, end, progress }, reported)
  }
  return [...new Int32Array(progress)].slice(1)
}

/** Runs one worker and returns the number of the case that the next one begins with. */
const runWorker = async (
  work: FuzzWork,
  report: (index: number, error: string) => void,
): Promise<number> => {
  const current = new Int32Array(work.progress)
  current[0] = work.first - 1
  const worker = new Worker(new URL('worker.mjs', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: limits.bytes / 2 ** 20 },
  })
  let reason = 'The worker ended.'
  let next: number | undefined
  const watch = setInterval(
    watchCase(current, work.first, (why) => {
      reason = why
      void worker.terminate()
    }),
    interval,
  )
  worker.on('message', (message: FuzzMessage) => {
    if ('next' in message) next = message.next
    else report(message.failure.index, message.failure.error)
  })
  worker.on('error', (error) => (reason = error.stack ?? String(error)))
  await once(worker, 'exit')
  clearInterval(watch)
  if (next !== undefined) return next
  const stopped = Math.max(work.first, current[0])
  report(stopped, reason)
  return stopped + 1
}

/** Returns a sampler that reports a case whose share of processor time or memory is above its limit. */
const watchCase = (
  current: Int32Array,
  first: number,
  report: (why: string) => void,
): (() => void) => {
  let index = -1
  let start = process.cpuUsage()
  let memory = process.memoryUsage.rss()
  return () => {
    const now = Atomics.load(current, 0)
    // Before the first case it loads its modules.
    if (now < first) return
    if (now !== index) {
      index = now
      start = process.cpuUsage()
      memory = process.memoryUsage.rss()
      return
    }
    const { user, system } = process.cpuUsage(start)
    const seconds = (user + system) / 1e6
    if (seconds > limits.seconds) report(`It took more than ${limits.seconds} s of processor time.`)
    const bytes = process.memoryUsage.rss() - memory
    if (bytes > limits.bytes) report(`It took more than ${limits.bytes / 2 ** 20} MiB.`)
  }
}
