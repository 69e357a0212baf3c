import { blockOf, match, matches } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** The threads of one priority. */
export interface PriorityQueue {
  readonly priority: number
  readonly threads: readonly QueuedThread[]
}

export interface QueuedThread {
  /** The kernel's name or the global id. */
  readonly thread: string
  /** In parentheses: in the queue, but not ready. */
  readonly ready: boolean
}

/** A processor's ready queue (KDB's `q` and `Q`). */
export interface ReadyQueue extends Told {
  readonly system: 'pistachio'
  readonly kind: 'ready-queue'
  readonly cpu: number
  /** To whom the running time is charged. */
  readonly accounted: string
  readonly highestPriority: number
  readonly queues: readonly PriorityQueue[]
  readonly idle: string | undefined
}

const heading =
  /^CPU (?<cpu>\d{1,3}): {1,2}accounted tcb (?<accounted>\S{1,20}), max_prio (?<highest>-?\d{1,3})$/
const form = /^\t\[\d{3}\]:(?: \S+)*$|^idle : \S+$/

export const readReadyQueue: DumpReader<ReadyQueue> = (lines, at) => {
  const head = match<'cpu' | 'accounted' | 'highest'>(heading, lines[at]?.text)
  if (head === undefined) return undefined
  const { text, end } = blockOf(lines, at + 1, form, 300)
  const queues = matches<'priority' | 'threads'>(
    /^\t\[(?<priority>\d{3})\]:(?<threads>.*)$/gm,
    text,
  ).map(({ priority, threads }) => ({
    priority: Number(priority),
    threads: threads
      .trim()
      .split(/ +/)
      .filter((it) => it !== '')
      .map((it) => ({ thread: it.replace(/^\((.*)\)$/, '$1'), ready: !/^\(.*\)$/.test(it) })),
  }))
  const ready = queues.flatMap(({ threads }) => threads).filter((it) => it.ready)
  return {
    dump: {
      system: 'pistachio',
      kind: 'ready-queue',
      stop: false,
      summary:
        ready.length === 0
          ? `no thread is ready on processor ${head.cpu}`
          : `ready on processor ${head.cpu}: ${ready.map(({ thread }) => thread).join(', ')}`,
      cpu: Number(head.cpu),
      accounted: head.accounted,
      highestPriority: Number(head.highest),
      queues,
      idle: match<'it'>(/^idle : (?<it>\S+)$/m, text)?.it,
    },
    end: Math.max(end, at + 1),
  }
}
