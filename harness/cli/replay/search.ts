import { BootstandError } from '../../core/errors.ts'
import type { TracedInstruction } from '../../formats/execution-log.ts'
import type { Replayer } from '../../target/qemu/replayer.ts'
import type { ReplayPlace } from './place.ts'

/**
 * Instructions between two stops, each a replay of its own: what was printed is only seen from outside. A stop takes as long as
 * 100,000 instructions and more, so the first ones are far apart, and each replay has few.
 */
const steps = [2 ** 22, 2 ** 15, 2 ** 8, 1] as const

/** A replay that stands at a place. */
interface Stand {
  readonly replayer: Replayer
  /** What it executed last, in order. */
  readonly executed: readonly TracedInstruction[]
}

/** What a replay was seen to have done. */
interface Seen {
  readonly hasPrinted: boolean
  readonly exceptions: number
}

/** That by an instruction. */
interface Look extends Seen {
  readonly instruction: number
}

/** Starts a replay anew, and ends the one before. */
type Start = () => Promise<Replayer>

/**
 * Brings a replay to a place, or to some instructions before it.
 *
 * @param startOne Starts a replay.
 * @param options.back Instructions.
 * @param options.traced How many of the last instructions are looked at.
 * @returns the replay that stands there. Each one before it is ended.
 * @throws {BootstandError} when the recording ends before the place, or begins after.
 */
export const replayTo = async (
  place: ReplayPlace,
  startOne: () => Promise<Replayer>,
  { back, traced }: { readonly back: number; readonly traced: number },
): Promise<Stand> => {
  let replayer: Replayer | undefined
  const start = async () => {
    await replayer?.[Symbol.asyncDispose]()
    replayer = await startOne()
    return replayer
  }
  try {
    const instruction = await find(place, start)
    if (back > instruction)
      throw new BootstandError(
        'BOOTSTAND_REPLAY',
        'usage',
        `Expected --back of at most ${instruction} instructions, where power-on is; found ${back}.`,
      )
    const to = instruction - back
    if (replayer !== undefined && replayer.instruction === to && traced === 0)
      return { replayer, executed: [] }
    return await standAt(to, traced, start)
  } catch (error) {
    await replayer?.[Symbol.asyncDispose]()
    throw error
  }
}

/** Which instruction a place is before: the first by which something was printed, or the one that raised the last exception before. */
const find = async (place: ReplayPlace, start: Start): Promise<number> => {
  if ('instruction' in place) return place.instruction
  const isFault = 'faultBefore' in place
  const { role, printed } = isFault ? place.faultBefore : place
  const search = new Search(start, async (it) => ({
    hasPrinted: (await it.printed(role)) >= printed,
    exceptions: isFault ? await it.exceptions() : 0,
  }))
  const hasPrinted = (it: Seen) => it.hasPrinted
  if (!isFault) return (await search.narrow(hasPrinted)).after.instruction
  const isClear = (before: Seen, after: Seen) => before.exceptions === after.exceptions
  const { exceptions } = (await search.narrow(hasPrinted, isClear)).after
  if (exceptions === 0) throw tooFar('the processor had no exception before it printed that')
  return (await search.narrow((it) => it.exceptions >= exceptions)).before.instruction
}

const standAt = async (to: number, traced: number, start: Start): Promise<Stand> => {
  const replayer = await start()
  const from = Math.max(0, to - traced)
  const isOver = from > 0 && (await replayer.run(from))
  const executed = from < to && !isOver ? await replayer.trace(to) : []
  const last = replayer.instruction
  if (last < to) throw tooFar(`the recording has ${last} instructions`)
  return { replayer, executed }
}

/** Finds by which instruction something has come. What one replay has shown, no other one looks for. */
class Search {
  readonly #start: Start
  readonly #see: (replayer: Replayer) => Promise<Seen>
  /** By their instructions. */
  #looks: readonly Look[] = [{ instruction: 0, hasPrinted: false, exceptions: 0 }]

  /** @param see Looks at a replay that stands still. */
  constructor(start: Start, see: (replayer: Replayer) => Promise<Seen>) {
    this.#start = start
    this.#see = see
  }

  /**
   * The first look by which something had come, an instruction behind the last by which it had not.
   *
   * @param isClear Whether these two suffice, however far they lie apart.
   * @throws {BootstandError} when the recording ends before.
   */
  async narrow(
    hasCome: (seen: Seen) => boolean,
    isClear: (before: Seen, after: Seen) => boolean = () => false,
  ): Promise<{ readonly before: Look; readonly after: Look }> {
    for (const step of steps) {
      const { before, after } = this.#around(hasCome)
      if (after !== undefined && after.instruction - before.instruction <= step) continue
      if (after !== undefined && isClear(before, after)) break
      await this.#step(before.instruction, step, hasCome)
    }
    const { before, after } = this.#around(hasCome)
    return { before, after: after! }
  }

  #around(hasCome: (seen: Seen) => boolean): { readonly before: Look; readonly after?: Look } {
    const at = this.#looks.findIndex(hasCome)
    const after = this.#looks[at]
    return {
      before: this.#looks.at(at === -1 ? -1 : at - 1)!,
      ...(after !== undefined && { after }),
    }
  }

  /** Replays in steps until something has come. */
  async #step(from: number, step: number, hasCome: (seen: Seen) => boolean): Promise<void> {
    const replayer = await this.#start()
    if (from > 0) await replayer.run(from)
    const looks: Look[] = []
    for (let isOver = false; ;) {
      if (isOver) throw tooFar('the recording has ended before')
      isOver = await replayer.run(from + step * (looks.length + 1))
      const look = { instruction: replayer.instruction, ...(await this.#see(replayer)) }
      looks.push(look)
      if (hasCome(look)) break
    }
    this.#looks = [...this.#looks, ...looks].toSorted((a, b) => a.instruction - b.instruction)
  }
}

const tooFar = (why: string): BootstandError =>
  new BootstandError('BOOTSTAND_REPLAY', 'usage', `The replay does not come to that place: ${why}.`)
