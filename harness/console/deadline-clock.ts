import type { DeadlineKind, Deadlines } from '../core/deadline.ts'
import { BootstandError } from '../core/errors.ts'

/** What the emulator has used so far. */
export interface Meter {
  /** Milliseconds of processor time; nothing when the emulator is gone. */
  readonly cpu: () => number | undefined
  /** Throws, on a machine where nobody could count instructions. */
  readonly noInstructions?: () => never
}

/** Looked at often enough, in milliseconds, where no timer tells that a deadline is over. */
const shortestLook = 10

/** Watches the deadlines of one wait from now on. */
export class DeadlineClock {
  readonly #deadlines: Deadlines
  readonly #silence: () => number
  readonly #meter: Meter | undefined
  readonly #started = performance.now()
  readonly #cpuBefore: number

  /**
   * @param silence Milliseconds since something came last.
   * @throws {BootstandError} when there is nobody to measure what a deadline is for.
   */
  constructor(deadlines: Deadlines, silence: () => number, meter: Meter | undefined) {
    if (deadlines.instructions !== undefined) throw meter?.noInstructions?.() ?? notCounted()
    this.#deadlines = deadlines
    this.#silence = silence
    this.#meter = meter
    this.#cpuBefore = meter?.cpu() ?? 0
  }

  /** Milliseconds since the beginning. */
  get waited(): number {
    return performance.now() - this.#started
  }

  /** The deadline that is over, if one is. */
  get missed(): DeadlineKind | undefined {
    const kinds = ['within', 'silence', 'cpu'] as const
    return kinds.find((kind) => this.#left(kind) <= 0)
  }

  /** Milliseconds until none can be over yet. */
  get left(): number {
    // Several threads of the emulator may run at once.
    const cpu = Math.max(this.#left('cpu') / 4, shortestLook)
    return Math.max(0, Math.min(this.#left('within'), this.#left('silence'), cpu))
  }

  #left(kind: 'within' | 'silence' | 'cpu'): number {
    const deadline = this.#deadlines[kind]
    if (deadline === undefined) return Number.POSITIVE_INFINITY
    return deadline - this.#spent(kind)
  }

  #spent(kind: 'within' | 'silence' | 'cpu'): number {
    if (kind === 'within') return this.waited
    if (kind === 'silence') return Math.min(this.#silence(), this.waited)
    return (this.#meter?.cpu() ?? this.#cpuBefore) - this.#cpuBefore
  }
}

const notCounted = (): BootstandError =>
  new BootstandError(
    'BOOTSTAND_DEADLINE',
    'usage',
    'Expected a deadline that this machine can keep, found `instructions`: it does not count the instructions of its guest.',
  )
