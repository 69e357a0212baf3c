import type { WithheldTime } from '../host/withheld-time.ts'

/** A processor at one moment. */
export interface Sample {
  /** Which one, from 0. */
  readonly processor: number
  /** The program counter: a linear address; of 64 bits the upper half is negative, which keeps it exact. */
  readonly address: number
  /** Its privilege level: 0 is the kernel's. */
  readonly ring: number
  /** Whether it stands at a `hlt`. */
  readonly halted: boolean
  readonly interruptsOn: boolean
}

/** What each processor was seen doing, the first one first. */
export const byProcessor = (samples: readonly Sample[]): (readonly Sample[])[] => {
  const numbers = [...new Set(samples.map(({ processor }) => processor))]
  return numbers.toSorted((a, b) => a - b).map((it) => samples.filter((of) => of.processor === it))
}

/** Samples of each processor without which nothing is proved. */
export const leastSamples = 32

/** Milliseconds of processor time that a guest needs to show what it does. */
export const leastTime = 30

/** What was seen of a running machine within a moment. Times are milliseconds, sizes bytes. */
export interface Examination {
  /** State of the emulator's process, as in proc(5); nothing when it is gone. */
  readonly process: string | undefined
  /** Processor time that the emulator got meanwhile. */
  readonly emulatorTime: number | undefined
  /** What the host kept from the emulator, or from Bootstand itself where that is more. */
  readonly withheld: WithheldTime
  /** What its monitor says of the machine; nothing when it did not answer. */
  readonly status: string | undefined
  readonly samples: readonly Sample[]
  /** From the first sample to the last. */
  readonly span: number
  /** Interrupts that devices raised during the span, where the machine counts them. */
  readonly interrupts: number | undefined
  /** Space that is left for the run folder. */
  readonly freeSpace: number | undefined
  readonly took: number
}

/** A real machine: nobody can look into its processor. */
export interface Unseen {
  /** What it is, such as `board t42`. */
  readonly unseen: string
  /** What kept us from hearing it, in a clause, if anything did. */
  readonly trouble?: string | undefined
  /** In a clause, that it has not begun to boot. */
  readonly nothingOwn?: string | undefined
}
