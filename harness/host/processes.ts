import fs from 'node:fs'

/** Ids of the processes that work in a folder or below it, such as a run's emulator. */
export const processesIn = (folder: string): number[] => {
  const place = fs.realpathSync(folder)
  return fs.readdirSync('/proc').flatMap((id) => {
    try {
      const directory = fs.readlinkSync(`/proc/${id}/cwd`)
      return directory === place || directory.startsWith(`${place}/`) ? [Number(id)] : []
    } catch {
      // No process, or one that has just ended.
      return []
    }
  })
}

/** What the system says of a process. */
export interface ProcessState {
  /** A letter of proc(5): `R` runs, `S` sleeps, `T` is stopped, `Z` has ended. */
  readonly state: string
  /** Milliseconds of processor time so far, to 10 ms. */
  readonly time: number
  /** When it began, in ticks since the system did: with its id it tells it from every other process. */
  readonly began: string
}

/** Milliseconds that a process's threads, by their ids, have waited for a processor; none where there is no such process. */
export const waitsForProcessor = (id: number): ReadonlyMap<string, number> => {
  try {
    const threads = fs.readdirSync(`/proc/${id}/task`)
    return new Map(threads.map((it) => [it, waitOf(`/proc/${id}/task/${it}/schedstat`) / 1e6]))
  } catch {
    return new Map()
  }
}

/** Linux' Documentation/scheduler/sched-stats: time on a processor, time waiting for one, in nanoseconds. */
const waitOf = (file: string): number => {
  try {
    return Number(fs.readFileSync(file, 'latin1').split(' ')[1])
  } catch {
    // A thread that has just ended.
    return 0
  }
}

/** proc(5) counts in `sysconf(_SC_CLK_TCK)`, which is 100 on Linux. */
const tick = 10

/** Looks at a process of this machine. Gives nothing when there is none. */
export const processState = (id: number): ProcessState | undefined => {
  try {
    const words = fs.readFileSync(`/proc/${id}/stat`, 'latin1')
    // The second word, the program's name in parentheses, may hold anything.
    const fields = words.slice(words.lastIndexOf(')') + 2).split(' ')
    const time = (Number(fields[11]) + Number(fields[12])) * tick
    return { state: fields[0]!, time, began: fields[19]! }
  } catch {
    return undefined
  }
}
