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

/** More than any menu needs; only a quarrel between two rules would go on longer. */
const mostFixes = 1000

/**
 * Makes all certain fixes from the bottom up, and looks again after each: a title that is mended
 * makes a `default` above it right.
 */
export const applyFixes = (file: MenuFile, context: LintContext = {}): FixedMenu => {
  let fixed: FixedMenu = { file, applied: [] }
  while (fixed.applied.length < mostFixes) {
    const next = withLastFix(fixed, context)
    if (next === undefined) break
    fixed = next
  }
  return fixed
}

/** Nothing if no fix is left that changes anything. */
const withLastFix = (fixed: FixedMenu, context: LintContext): FixedMenu | undefined => {
  for (const finding of lintMenu(fixed.file, context).toReversed()) {
    const file = finding.fix === undefined ? undefined : attempt(finding.fix, fixed.file)
    if (file !== undefined && printMenu(file) !== printMenu(fixed.file)) {
      return { file, applied: [...fixed.applied, finding] }
    }
  }
  return undefined
}

/** Nothing if the menu cannot be written so, such as a line that would be too long. */
const attempt = (fix: Fix, file: MenuFile): MenuFile | undefined => {
  try {
    return fix.apply(file)
  } catch (error) {
    if (error instanceof BootstandError) return undefined
    throw error
  }
}
