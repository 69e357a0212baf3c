import fs from 'node:fs/promises'
import { smallest } from '../../core/delta-debugging.ts'
import { formatDuration } from '../../core/text.ts'
import {
  failureText,
  isSameFailure,
  maybeSameFailure,
  type Failure,
} from '../../evidence/failure.ts'
import { labelsOf, type Original, type Part } from './original.ts'
import { tryBoot, type Tried } from './trial.ts'

/** How often a run is booted again to see the same failure. */
const mostAttempts = 3

/** What is left, and how it was found. */
export interface Minimal {
  readonly failure: Failure
  readonly kept: readonly Part[]
  readonly boots: number
  /** Whether there were no boots left to try more. */
  readonly isCut: boolean
  /** How many boots it took to see the failure again, and may have taken each time. */
  readonly attempts: number
  /** Of the last boot that failed so. */
  readonly runFolder: string
}

interface SearchOptions {
  /** Boots that it may take. */
  readonly most: number
  /** Is told of each boot. */
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

/** A failing boot that is made smaller. */
interface Best {
  readonly kept: readonly Part[]
  /** Each boot may tell its place more certainly than the one before. */
  readonly failure: Failure
  readonly runFolder: string
}

/** Looks for the smallest boot that fails as a run did. */
export class Search {
  readonly #original: Original
  readonly #options: SearchOptions
  readonly #known = new Map<string, boolean>()
  #best: Best | undefined
  #boots = 0
  #isCut = false
  #attempts = 0
  /** Milliseconds. */
  #deadline = 0

  constructor(original: Original, options: SearchOptions) {
    this.#original = original
    this.#options = options
  }

  /** @returns nothing when the failure does not come again. */
  async run(): Promise<Minimal | undefined> {
    try {
      return await this.#search()
    } catch (error) {
      // Nobody is told of the last boot then.
      if (this.#best !== undefined)
        await fs.rm(this.#best.runFolder, { recursive: true, force: true })
      throw error
    }
  }

  async #search(): Promise<Minimal | undefined> {
    const { parts } = this.#original
    if (!(await this.#comesAgain())) return undefined
    const needed = parts.filter((it) => it.isNeeded)
    await smallest(
      parts.filter((it) => !it.isNeeded),
      async (kept) => await this.#holds(parts.filter((it) => it.isNeeded || kept.includes(it))),
    )
    for (const part of needed) await this.#holds(this.#best!.kept.filter((it) => it !== part))
    return {
      ...this.#best!,
      boots: this.#boots,
      isCut: this.#isCut,
      attempts: this.#attempts,
    }
  }

  async #comesAgain(): Promise<boolean> {
    const { parts, failure, uptime } = this.#original
    this.#deadline = deadlineAfter(uptime)
    while (this.#boots < Math.min(mostAttempts, this.#options.most)) {
      this.#attempts += 1
      const { isSame, took } = await this.#boot(parts, 'all as it was', (it) =>
        maybeSameFailure(failure, it),
      )
      this.#deadline = isSame ? deadlineAfter(took) : this.#deadline
      if (isSame) return true
    }
    const times = this.#boots === 1 ? '1 boot' : `${this.#boots} boots`
    this.#options.say(
      `It did not come again in ${times}. Keys are typed in them on serial consoles only, each behind the line that it was typed behind.`,
    )
    return false
  }

  /** Whether the failure comes with these parts, too. */
  async #holds(kept: readonly Part[]): Promise<boolean> {
    const { menu, machine } = this.#original.trialOf(kept)
    const key = JSON.stringify([menu, machine])
    const known = this.#known.get(key)
    if (known !== undefined) return known
    let holds = false
    // What did not come at once the first time may not come at once now.
    for (let attempt = 0; attempt < this.#attempts && !holds; attempt += 1) {
      if (this.#boots >= this.#options.most) {
        this.#isCut = true
        return false
      }
      const { failure, kept: before } = this.#best!
      const what = `without ${shortList(labelsOf(before, kept))}`
      holds = (await this.#boot(kept, what, (it) => isSameFailure(failure, it))).isSame
    }
    this.#known.set(key, holds)
    return holds
  }

  /** Boots once; of all the boots only the last one that failed as wanted keeps its run folder. */
  async #boot(
    kept: readonly Part[],
    what: string,
    isWanted: (failure: Failure | undefined) => boolean,
  ): Promise<{ readonly isSame: boolean; readonly took: number }> {
    const { say, signal } = this.#options
    this.#boots += 1
    const trial = { ...this.#original.trialOf(kept), within: this.#deadline, signal }
    const tried = await tryBoot(trial)
    const { failure, runFolder, took } = tried
    const isSame = failure !== undefined && runFolder !== undefined && isWanted(failure)
    const gone = isSame ? this.#best?.runFolder : runFolder
    if (isSame) this.#best = { kept, failure, runFolder }
    if (gone !== undefined) await fs.rm(gone, { recursive: true, force: true })
    say(`  boot ${this.#boots}: ${what}: ${isSame ? 'the same' : endText(tried)}`)
    return { isSame, took }
  }
}

/** Milliseconds that a boot may take: what lacks a part is not much slower. */
const deadlineAfter = (took: number): number => Math.round(3 * took) + 1_000

const endText = ({ failure, end, took }: Tried): string =>
  failure === undefined ? `${end} after ${formatDuration(took)}` : failureText(failure)

const shortList = (labels: readonly string[]): string => {
  const rest = labels.length - mostListed
  return [...labels.slice(0, mostListed), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}

const mostListed = 4
