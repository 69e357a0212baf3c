import { BootstandError } from '../core/errors.ts'
import { printMenu, type MenuFile } from '../formats/menu/menu-file.ts'
import type { Finding, Fix } from './finding.ts'
import { lintMenu } from './lint-menu.ts'
import type { LintContext } from './medium.ts'

/** A menu with its certain fixes made. */
export interface FixedMenu {
  readonly file: MenuFile
  /** The findings whose fixes were made, in the order they were made in. */
  readonly applied: readonly Finding[]
}

/** A fix may uncover another; more rounds than this would be a quarrel between rules. */
const mostRounds = 8

/** Makes all certain fixes, from the bottom up: the lines above keep their places. */
export const applyFixes = (file: MenuFile, context: LintContext = {}): FixedMenu => {
  let fixed: FixedMenu = { file, applied: [] }
  for (let round = 0; round < mostRounds; round++) {
    const before = fixed.applied.length
    for (const finding of lintMenu(fixed.file, context).toReversed()) {
      fixed = withFix(fixed, finding)
    }
    if (fixed.applied.length === before) break
  }
  return fixed
}

const withFix = (fixed: FixedMenu, finding: Finding): FixedMenu => {
  const file = finding.fix === undefined ? undefined : attempt(finding.fix, fixed.file)
  if (file === undefined || printMenu(file) === printMenu(fixed.file)) return fixed
  return { file, applied: [...fixed.applied, finding] }
}

/** Nothing if another fix has changed the line: the next round finds what is left to do. */
const attempt = (fix: Fix, file: MenuFile): MenuFile | undefined => {
  try {
    return fix.apply(file)
  } catch (error) {
    if (error instanceof BootstandError) return undefined
    throw error
  }
}
