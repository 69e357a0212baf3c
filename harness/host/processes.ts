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
  /** Id of its parent. */
  readonly parent: number
  /** Milliseconds of processor time so far, to 10 ms. */
  readonly time: number
  /** Milliseconds of processor time of its children that have ended, and of theirs. */
  readonly ended: number
  /** When it began, in ticks since the system did: with its id it tells it from every other process. */
  readonly began: string
}

/** How a thread got on. Times are milliseconds. */
export interface ThreadTimes {
  readonly ran: number
  /** Its waits for a processor that are over. */
  readonly waited: number
  /** Whether it runs or waits for a processor. */
  readonly isReady: () => boolean
}

/** Returns what is known of a process's threads, by their ids; nothing where there is no such process. */
export const threadTimes = (id: number): ReadonlyMap<string, ThreadTimes> => {
  try {
    const threads = fs.readdirSync(`/proc/${id}/task`)
    return new Map(threads.map((it) => [it, timesOf(`/proc/${id}/task/${it}`)]))
  } catch {
    return new Map()
  }
}

/** Linux' Documentation/scheduler/sched-stats: time on a processor, time waiting for one, in nanoseconds. */
const timesOf = (thread: string): ThreadTimes => {
  const isReady = () => stateIn(`${thread}/stat`)?.state === 'R'
  try {
    const [ran, waited] = fs.readFileSync(`${thread}/schedstat`, 'latin1').split(' ')
    return { ran: Number(ran) / 1e6, waited: Number(waited) / 1e6, isReady }
  } catch {
    // A thread that has just ended.
    return { ran: 0, waited: 0, isReady }
  }
}

/** proc(5) counts in `sysconf(_SC_CLK_TCK)`, which is 100 on Linux. */
const tick = 10

/** Looks at a process of this machine. Gives nothing when there is none. */
export const processState = (id: number): ProcessState | undefined => stateIn(`/proc/${id}/stat`)

/** Reads the state of a process or a thread. */
const stateIn = (file: string): ProcessState | undefined => {
  try {
    const words = fs.readFileSync(file, 'latin1')
    // The second word, the program's name in parentheses, may hold anything.
    const fields = words.slice(words.lastIndexOf(')') + 2).split(' ')
    const time = (Number(fields[11]) + Number(fields[12])) * tick
    const ended = (Number(fields[13]) + Number(fields[14])) * tick
    return { state: fields[0]!, parent: Number(fields[1]), time, ended, began: fields[19]! }
  } catch {
    return undefined
  }
}

/** What this process and its descendants have of the host's processors. */
export interface FamilyLoad {
  /** Threads that run or wait for a processor, besides the one that asks. */
  readonly runnable: number
  /** Milliseconds of processor time so far, with descendants that have ended. */
  readonly used: number
}

/** Samples this process and its descendants. Reports no load where there is no `/proc`. */
export const familyLoad = (): FamilyLoad => {
  const ids = family(process.pid)
  const states = ids.flatMap((id) =>
    threadsOf(id)
      .filter((thread) => thread !== String(process.pid))
      .map((thread) => stateIn(`/proc/${id}/task/${thread}/stat`)?.state),
  )
  const used = ids.map((id) => processState(id)).map((it) => (it?.time ?? 0) + (it?.ended ?? 0))
  return {
    runnable: states.filter((it) => it === 'R').length,
    used: used.reduce((sum, it) => sum + it, 0),
  }
}

/** Ids of a process and its descendants. */
const family = (root: number): number[] => {
  const parents = entriesOf('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((id) => ({ id: Number(id), parent: processState(Number(id))?.parent }))
  const found = [root]
  for (const id of found)
    found.push(...parents.filter(({ parent }) => parent === id).map((it) => it.id))
  return found
}

const threadsOf = (id: number): string[] => entriesOf(`/proc/${id}/task`)

const entriesOf = (folder: string): string[] => {
  try {
    return fs.readdirSync(folder)
  } catch {
    // No Linux, or a process that has just ended.
    return []
  }
}
