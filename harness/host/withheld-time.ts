import fs from 'node:fs'
import { threadTimes, type ThreadTimes } from './processes.ts'

/** Milliseconds for which a host kept a process from running. */
export interface WithheldTime {
  /** At least one of its threads waited for a processor; throttled ones wait, too. */
  readonly waited: number
  /** A CPU quota of its cgroup or of one above it had been used up. */
  readonly throttled: number
  /** The hypervisor of this host ran others, averaged over the processors. */
  readonly stolen: number
}

/** The sum: what the process has lost. */
export const totalWithheld = ({ waited, throttled, stolen }: WithheldTime): number =>
  Math.max(waited, throttled) + stolen

/**
 * Watches what a process loses from now on.
 *
 * @param threads Returns how its threads got on so far.
 * @returns A function that returns what it has lost since the function was called last.
 */
export const watchWithheld = (
  id: number,
  threads: () => ReadonlyMap<string, ThreadTimes> = () => threadTimes(id),
): (() => WithheldTime) => {
  let before = { at: performance.now(), threads: threads(), ...hostTimes(id) }
  /** Waits that are not over, as far as they were returned already. */
  const pending = new Map<string, number>()

  const lostBy = (thread: string, now: ThreadTimes, span: number): number => {
    const then = before.threads.get(thread)
    const returned = pending.get(thread) ?? 0
    const grown = now.waited - (then?.waited ?? 0)
    // Linux counts a wait when it is over. A thread that is ready and has not run since has waited all the time.
    if (grown === 0 && now.ran === then?.ran && now.isReady()) {
      pending.set(thread, returned + span)
      return span
    }
    pending.delete(thread)
    return Math.max(0, grown - returned)
  }

  return () => {
    const now = { at: performance.now(), threads: threads(), ...hostTimes(id) }
    const span = now.at - before.at
    const lost = [...now.threads].map(([thread, times]) => lostBy(thread, times, span))
    const { throttled, stolen } = before
    before = now
    return {
      waited: Math.max(0, ...lost),
      throttled: Math.max(0, now.throttled - throttled),
      stolen: Math.max(0, now.stolen - stolen),
    }
  }
}

const hostTimes = (id: number) => ({
  throttled: throttledTime(textOf(`/proc/${id}/cgroup`), textOf),
  stolen: stolenTime(textOf('/proc/stat')),
})

const textOf = (file: string): string => {
  try {
    return fs.readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

/**
 * Reads the time that a hypervisor has taken from this host, in milliseconds, averaged over its processors.
 *
 * @param stat `/proc/stat`, which counts in ticks of 10 ms: proc(5).
 */
export const stolenTime = (stat: string): number => {
  const processors = [...stat.matchAll(/^cpu\d+ .*$/gm)].length
  const stolen = Number(/^cpu +(?:\d+ +){7}(?<stolen>\d+)/m.exec(stat)?.groups?.['stolen'] ?? 0)
  return processors === 0 ? 0 : (stolen * 10) / processors
}

/**
 * Reads for how many milliseconds quotas have throttled a process's cgroup or one above it, whichever was throttled the longest.
 *
 * @param cgroups `/proc/PID/cgroup`. (Linux, Documentation/admin-guide/cgroup-v2.rst and scheduler/sched-bwc.rst.)
 * @param readText The text of a file, empty where there is none.
 */
export const throttledTime = (cgroups: string, readText: (file: string) => string): number => {
  const times = cgroups.split('\n').flatMap((line) => {
    const found = /^\d+:(?<controllers>[^:]*):(?<path>\/.*)$/.exec(line)?.groups
    if (found === undefined) return []
    const { controllers, path } = found
    const isCpu = controllers!.split(',').includes('cpu')
    if (controllers !== '' && !isCpu) return []
    const root = isCpu ? '/sys/fs/cgroup/cpu' : '/sys/fs/cgroup'
    return aboveAndAt(path!).map((at) => throttledIn(readText(`${root}${at}/cpu.stat`)))
  })
  return Math.max(0, ...times)
}

/** `/a/b`, `/a` and the root, which is the empty string. */
const aboveAndAt = (path: string): string[] => {
  const parts = path.split('/').filter((part) => part !== '')
  return [...parts, ''].map((_, index) =>
    parts
      .slice(0, parts.length - index)
      .map((part) => `/${part}`)
      .join(''),
  )
}

/** Version 2 counts microseconds, version 1 nanoseconds. */
const throttledIn = (stat: string): number => {
  const { name, count } =
    /^(?<name>throttled_usec|throttled_time) (?<count>\d+)$/m.exec(stat)?.groups ?? {}
  return name === undefined ? 0 : Number(count) / (name === 'throttled_usec' ? 1e3 : 1e6)
}
