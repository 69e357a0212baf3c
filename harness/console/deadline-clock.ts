import {
  deadlinesOf,
  type DeadlineKind,
  type Deadlines,
  type WaitOptions,
} from '../core/deadline.ts'
import { BootstandError } from '../core/errors.ts'

/** How many instructions a guest had executed at some moment. */
export interface InstructionCount {
  /** On the clock of `performance.now()`: it was counted no earlier. */
  readonly asked: number
  readonly count: number
}

/** What the guest and its emulator have used so far. */
export interface Meter {
  /** Milliseconds of processor time; nothing when the emulator is gone. */
  readonly cpu: () => number | undefined
  /** Milliseconds on a clock that stands still while the host keeps the emulator from running; else the host's counts. */
  readonly time?: () => number
  /** The newest count there is; asks for a newer one, at once where it is from before `since`. Only where instructions are counted. */
  readonly instructions?: ((since: number) => InstructionCount | undefined) | undefined
  /** Throws, on a machine where nobody could count instructions. */
  readonly noInstructions?: () => never
}

/** Milliseconds by a meter's time, by the host's where it has none. */
export const timeBy = (meter: Meter | undefined): number => meter?.time?.() ?? performance.now()

/** By what deadlines are measured. */
export interface Timing {
  /** By which deadlines are longer on this host; 1 by default. */
  readonly slowness?: number | undefined
  readonly meter?: Meter | undefined
}

/** Looked at often enough, in milliseconds, where no timer tells that a deadline is over. */
const shortestLook = 10
const countedLook = 50

/** Watches the deadlines of one wait from now on. */
export class DeadlineClock {
  readonly deadlines: Deadlines
  readonly #silence: () => number
  readonly #meter: Meter | undefined
  readonly #started = performance.now()
  readonly #timeBefore: number
  readonly #cpuBefore: number
  /** The first count of the wait. */
  #countBefore: number | undefined

  /**
   * @param silence Milliseconds since something came last, by the meter's time.
   * @throws {BootstandError} when there is nobody to measure what a deadline is for.
   */
  constructor(options: WaitOptions, silence: () => number, { slowness = 1, meter }: Timing) {
    if (options.instructions !== undefined && meter?.instructions === undefined)
      throw meter?.noInstructions?.() ?? notCounted()
    this.deadlines = deadlinesOf(options, slowness)
    this.#silence = silence
    this.#meter = meter
    this.#timeBefore = this.#time
    this.#cpuBefore = meter?.cpu() ?? 0
    if (options.instructions !== undefined) meter?.instructions?.(this.#started)
  }

  /** Milliseconds since the beginning, on the host's clock. */
  get waited(): number {
    return performance.now() - this.#started
  }

  /** The deadline that is over, if one is. */
  get missed(): DeadlineKind | undefined {
    return kinds.find((kind) => this.#left(kind) <= 0)
  }

  /** Milliseconds until none can be over yet. */
  get left(): number {
    // Several threads of the emulator may run at once.
    const cpu = Math.max(this.#left('cpu') / 4, shortestLook)
    const counted = this.deadlines.instructions === undefined ? Infinity : countedLook
    return Math.max(0, Math.min(this.#left('within'), this.#left('silence'), cpu, counted))
  }

  #left(kind: DeadlineKind): number {
    const deadline = this.deadlines[kind]
    return deadline === undefined ? Number.POSITIVE_INFINITY : deadline - this.#spent[kind]()
  }

  readonly #spent: Readonly<Record<DeadlineKind, () => number>> = {
    within: () => this.#time - this.#timeBefore,
    silence: () => Math.min(this.#silence(), this.#time - this.#timeBefore),
    cpu: () => (this.#meter?.cpu() ?? this.#cpuBefore) - this.#cpuBefore,
    instructions: () => {
      const now = this.#meter?.instructions?.(this.#started)
      // One from before the wait tells nothing of it.
      if (now === undefined || now.asked < this.#started) return 0
      this.#countBefore ??= now.count
      return now.count - this.#countBefore
    },
  }

  get #time(): number {
    return timeBy(this.#meter)
  }
}

const kinds = ['within', 'silence', 'cpu', 'instructions'] as const

const notCounted = (): BootstandError =>
  new BootstandError(
    'BOOTSTAND_DEADLINE',
    'usage',
    'Expected a deadline that this machine can keep, found `instructions`: they are counted under the profiles `deterministic` and `record`.',
  )
