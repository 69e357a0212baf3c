import { existsSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import type { Observer } from '../diagnosis/observer.ts'
import type { Machine } from '../target/target.ts'
import {
  assertCheckpointable,
  checkpointError,
  ingredients,
  type Checkpoint,
} from './checkpoint.ts'
import { writeCheckpoint } from '../run-folder/checkpoint-file.ts'
import type { BootPlan } from './plan.ts'
import type { WatchOptions } from './start.ts'

/** The checkpoints of a boot that goes on. */
export interface OwnCheckpoints {
  /** Takes one, into the run's folder. */
  readonly keep: (name: string) => Promise<Checkpoint>
  /** Brings the machine back to one. */
  readonly restore: (to: Checkpoint) => Promise<void>
  /** A crash that nobody had awaited when the machine went back. */
  readonly leftBehind: ReturnType<Observer['crash']>
}

/** Takes checkpoints of a boot, and brings it back to them. */
export const ownCheckpoints = (
  plan: BootPlan<string>,
  machine: Machine,
  observer: Observer,
  {
    folder,
    profile = 'fast',
    begins,
  }: Pick<WatchOptions, 'profile'> & Pick<Checkpoint, 'begins' | 'folder'>,
): OwnCheckpoints => {
  let leftBehind: ReturnType<Observer['crash']>
  return {
    keep: async (name) => {
      assertCheckpointable(name, plan.method, profile)
      const at = path.join(folder, 'checkpoints', name)
      if (existsSync(at))
        throw checkpointError(
          `Expected a name that no checkpoint of this boot has, found "${name}".`,
        )
      const holdsFor = await ingredients(plan, profile)
      try {
        const kept = { ...(await machine.checkpoint(name, at)), begins, holdsFor }
        await writeCheckpoint(kept)
        return kept
      } catch (error) {
        await fs.rm(at, { recursive: true, force: true })
        throw error
      }
    },
    restore: async (to) => {
      const crash = observer.crash((role) => machine.consoles.get(role)!.accepted)
      if (crash?.awaited === false) leftBehind ??= crash
      await machine.restore(to)
    },
    get leftBehind() {
      return leftBehind
    },
  }
}
