import { visibleText } from '../core/text.ts'
import type { LintedMenu } from './sarif.ts'

/** Findings as a compiler prints them, so that editors find the place; why and fix below, indented. */
export const textOf = ({ path, findings }: LintedMenu): string =>
  findings
    .map(({ rule, severity, message, why, line, column, fix }) =>
      [
        `${path}:${line}:${column}: ${severity} ${rule}: ${visibleText(message)}`,
        `    ${why}`,
        ...(fix === undefined ? [] : [`    Fix: ${fix.description}`]),
      ]
        .map((it) => `${it}\n`)
        .join(''),
    )
    .join('')

/** One line for all, such as `2 errors, 1 warning in 3 menus; 1 can be mended by --fix`. */
export const summaryOf = (menus: readonly LintedMenu[], what = 'menu'): string => {
  const findings = menus.flatMap((it) => it.findings)
  const errors = findings.filter((it) => it.severity === 'error').length
  const fixable = findings.filter((it) => it.fix !== undefined).length
  const found = `${counted(errors, 'error')}, ${counted(findings.length - errors, 'warning')}`
  const hint = fixable === 0 ? '' : `; ${fixable} can be mended by --fix`
  return `${found} in ${counted(menus.length, what)}${hint}`
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
