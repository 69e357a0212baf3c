import { BootstandError } from '../core/errors.ts'
import { changeLines, type LineChange } from '../formats/menu/edit.ts'
import type { MenuFile } from '../formats/menu/menu-file.ts'
import type { Finding, Fix } from './finding.ts'
import { lintMenu } from './lint-menu.ts'
import type { LintContext } from './medium.ts'
import type { Rule } from './rule.ts'
import { rules } from './rules/list.ts'

/** A menu with its certain fixes made. */
export interface FixedMenu {
  readonly file: MenuFile
  /** The findings whose fixes were made, in the order they were made in. */
  readonly applied: readonly Finding[]
}

/** More than any menu needs; only two rules that undo each other's fixes would continue longer. */
const mostPasses = 100

const widths = ['line', 'entry', 'menu'] as const
const widthOf = ({ fixNeeds }: Rule): number => widths.indexOf(fixNeeds ?? 'line')

/** Fixes that need only their own line first: a title that is mended makes a `default` above it right. */
const order = rules
  .filter((it) => it.fix !== undefined)
  .toSorted((a, b) => widthOf(a) - widthOf(b))
  .map((it) => it.id)

/** Makes all certain fixes: those of one rule at a time, from the bottom up, then lints the menu again. */
export const applyFixes = (file: MenuFile, context: LintContext = {}): FixedMenu => {
  let fixed: FixedMenu = { file, applied: [] }
  for (let pass = 0; pass < mostPasses; pass++) {
    const next = withOneRulesFixes(fixed, context)
    if (next === undefined) break
    fixed = next
  }
  return fixed
}

/** Nothing if no fix is left that changes anything. */
const withOneRulesFixes = (
  { file, applied }: FixedMenu,
  context: LintContext,
): FixedMenu | undefined => {
  const fixable = lintMenu(file, context).filter((it) => it.fix !== undefined)
  for (const rule of order) {
    const made = changesOf(fixable.filter((it) => it.rule === rule).toReversed())
    if (made.findings.length > 0) {
      return {
        file: changeLines(file, made.changes),
        applied: applied.concat(made.findings),
      }
    }
  }
  return undefined
}

/** The changes that these findings' fixes make. A line is changed once: a second fix of it waits for the next pass. */
const changesOf = (findings: readonly Finding[]) => {
  const made: Finding[] = []
  const changes = new Map<number, LineChange>()
  for (const finding of findings) {
    const wanted = attempt(finding.fix!).filter((it) => it.source !== it.statement.source)
    if (wanted.length === 0 || wanted.some((it) => changes.has(it.statement.index))) continue
    made.push(finding)
    for (const it of wanted) changes.set(it.statement.index, it)
  }
  return { findings: made, changes: [...changes.values()] }
}

/** No change if the menu cannot be written so, such as a line that would be too long. */
const attempt = (fix: Fix): readonly LineChange[] => {
  try {
    return fix.changes()
  } catch (error) {
    if (error instanceof BootstandError) return []
    throw error
  }
}
