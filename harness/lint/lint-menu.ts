import type { MenuFile } from '../formats/menu/menu-file.ts'
import type { Span } from '../formats/menu/span.ts'
import type { Finding } from './finding.ts'
import type { LintContext } from './medium.ts'
import { rules } from './rules/list.ts'
import { subjectOf } from './subject.ts'

/**
 * Finds what would go wrong when a menu boots, in the order of its lines.
 *
 * @example
 * lintMenu(parseMenu('title L4\nkernal /kickstart\n'))[0].rule // 'unknown-command'
 */
export const lintMenu = (file: MenuFile, context: LintContext = {}): Finding[] => {
  const subject = subjectOf(file, context)
  const alone = rules.filter((it) => it.alone === true && it.check(subject).length > 0)
  const findings = (alone.length > 0 ? alone : rules).flatMap(({ id, severity, why, check }) =>
    check(subject).map(({ at, ...complaint }) => ({
      rule: id,
      severity,
      why,
      ...complaint,
      ...placeOf(at),
    })),
  )
  return findings.toSorted((a, b) => a.line - b.line || a.column - b.column)
}

/** A span as findings tell it. */
export const placeOf = ({
  line,
  column,
  start,
  end,
}: Span): Pick<Finding, 'line' | 'column' | 'length'> => ({
  line,
  column,
  length: Math.max(0, end - start),
})
