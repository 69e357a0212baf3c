import type { StopText } from '../console/stop.ts'
import type { MenuFile } from '../formats/menu/menu-file.ts'
import { describeGrubFailure, grubFailure } from '../dumps/grub/grub-failure.ts'
import type { KernelProfile, Prompt } from './profile.ts'

/**
 * GRUB Legacy 0.97 waits for a key after an error, unless the menu has a `fallback`: then it goes on
 * without this line, and an error alone ends nothing.
 *
 * @param menu What boots, where it is known: its line is named.
 */
export const grubStops = (menu?: MenuFile): readonly StopText[] => [
  {
    id: 'grub-error',
    pattern: /^Press any key to continue\.\.\./,
    culprit: 'bootset',
    outcome: 'waiting-in-loader',
    meaning: 'GRUB stopped and waits for a key',
    explain: (before) => {
      const failure = grubFailure(before, menu)
      return failure && describeGrubFailure(failure)
    },
  },
]

/** What GRUB Legacy asks with. Its menu is known by where the processor is. */
export const grubPrompts: readonly Prompt[] = [{ kind: 'loader', pattern: /^grub> / }]

/** A disk of which only the boot loader is known. */
export const grubProfile: KernelProfile = {
  name: 'GRUB Legacy',
  milestones: [],
  stops: [],
  prompts: [],
  measurements: [],
}
