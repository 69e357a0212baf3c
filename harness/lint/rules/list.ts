import type { Rule } from '../rule.ts'
import { argumentRules } from './arguments.ts'
import { commandRules } from './commands.ts'
import { consoleRules } from './console.ts'
import { imageRules } from './images.ts'
import { kickstartRules } from './kickstart-options.ts'
import { lineRules } from './lines.ts'
import { memoryRules } from './memory.ts'
import { moduleRules } from './modules.ts'
import { pathRules } from './paths.ts'
import { ramdiskRules } from './ramdisk.ts'
import { structureRules } from './structure.ts'

/** Every rule, in the order of the documentation. */
export const rules: readonly Rule[] = [
  ...commandRules,
  ...structureRules,
  ...lineRules,
  ...argumentRules,
  ...moduleRules,
  ...kickstartRules,
  ...pathRules,
  ...imageRules,
  ...memoryRules,
  ...ramdiskRules,
  ...consoleRules,
]
