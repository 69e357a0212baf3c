import { boot } from '../../boot/boot.ts'
import { grubMenu } from '../../boot/grub-menu.ts'
import type { ConsoleRoles } from '../../boot/scenario.ts'
import { WaitError } from '../../console/wait-error.ts'
import { BootstandError } from '../../core/errors.ts'
import type { BootMethod } from '../../media/medium.ts'
import type { MachineOptions } from '../../target/target.ts'
import { failureOf, type Failure } from '../../evidence/failure.ts'
import { runInput } from '../../evidence/run-input.ts'
import type { TypedKeys } from './keys.ts'

/** A boot that is tried. */
export interface Trial {
  readonly name: string
  readonly menu: string
  readonly machine: MachineOptions
  /** Directory with the menu's files. */
  readonly root: string
  readonly method: BootMethod
  readonly consoles: ConsoleRoles
  readonly keys: readonly TypedKeys[]
  /** Milliseconds from power-on after which it is ended, on a fast host. */
  readonly within: number
  /** Milliseconds of silence after which it hangs, if that is what is looked for. */
  readonly silence?: number
  readonly signal: AbortSignal
}

/** What became of it. */
export interface Tried {
  readonly failure: Failure | undefined
  /** In a clause, where nothing is known to have failed. */
  readonly end: string
  /** Milliseconds from power-on to the stop, or until it was ended. */
  readonly took: number
  /** None where it could not boot. */
  readonly runFolder?: string
}

/** Boots until the first known stop, and types meanwhile what was typed. */
export const tryBoot = async (trial: Trial): Promise<Tried> => {
  const { name, menu, machine, root, method, signal } = trial
  const { serial, debug } = trial.consoles
  try {
    const consoles = { consoles: serial, ...(debug !== undefined && { debugPort: debug }) }
    const scenario = grubMenu({ menu, ...machine, ...consoles, missingFiles: 'allow' })
    await using target = await boot(scenario, { name, images: root, method, signal })
    const began = performance.now()
    const { within, silence } = trial
    const deadlines = { within, signal, ...(silence !== undefined && { silence }) }
    // Whatever stops the guest ends the wait, and what does not makes it examined.
    try {
      for (const { role, behind, keys } of trial.keys) {
        const console = target.consoles.find((it) => it.role === role)!
        if (behind !== '') await console.waitFor(behind, deadlines)
        await console.type(keys)
      }
      await target.consoles[0]!.waitFor(nothing, deadlines)
    } catch (error) {
      if (!(error instanceof WaitError)) throw error
    }
    const took = performance.now() - began
    const { outcome, runFolder } = await target.stop()
    return { failure: await failureOf(await runInput(runFolder)), end: outcome, took, runFolder }
  } catch (error) {
    // What lacks a part may not boot at all.
    if (!(error instanceof BootstandError) || error.culprit !== 'bootset') throw error
    return { failure: undefined, end: 'it does not boot', took: 0 }
  }
}

const nothing = /(?!)/
