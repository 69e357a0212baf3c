import { familyLoad, type FamilyLoad } from './processes.ts'

// Tests replace the global ones.
const { setInterval, clearInterval } = globalThis
const now = performance.now.bind(performance)

/** Milliseconds between two samples. One costs up to 15 ms of processor time where several hundred processes run. */
const period = 1_000

/**
 * A clock that advances as fast as this process and its descendants can work: at the pace of the wall clock while they
 * are idle, and at the share of the processor time they want that a busy host gives them.
 */
export class ProcessorClock {
  #time = 0
  #passed = 0
  /** Of which some thread wanted a processor. */
  #busy = 0
  /** Processor time that threads wanted, summed over all of them. */
  #wanted = 0
  readonly #usedBefore: number

  constructor(usedBefore: number) {
    this.#usedBefore = usedBefore
  }

  /** Milliseconds up to the last sample. */
  get time(): number {
    return this.#time
  }

  /**
   * Adds a sample.
   *
   * @param passed Milliseconds of the wall clock since the last one.
   */
  add(passed: number, { runnable, used }: FamilyLoad): void {
    // A sample is late because the thread that takes it wanted a processor, too.
    const late = Math.max(0, passed - period)
    this.#passed += passed
    this.#busy += runnable > 0 ? passed : late
    this.#wanted += runnable * passed + late
    const share = Math.min(1, (used - this.#usedBefore) / Math.max(1, this.#wanted))
    const time = this.#passed - this.#busy * (1 - share)
    this.#time = Math.max(this.#time, time)
  }
}

/**
 * Starts a clock.
 *
 * @param onSample Called once a second, with the milliseconds on the clock and on the wall clock.
 * @returns a function that stops it.
 */
export const startProcessorClock = (
  onSample: (time: number, passed: number) => void,
): (() => void) => {
  const clock = new ProcessorClock(familyLoad().used)
  const started = now()
  let sampled = started
  const timer = setInterval(() => {
    const before = sampled
    sampled = now()
    clock.add(sampled - before, familyLoad())
    onSample(clock.time, sampled - started)
  }, period).unref()
  return () => clearInterval(timer)
}
