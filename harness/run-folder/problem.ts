import type { z } from 'zod'
import { BootstandError } from '../core/errors.ts'
import { printable } from '../core/printable.ts'
import { shortPath } from '../host/paths.ts'

/** Characters of a value or name that a message shows. */
const longestShown = 60

/**
 * The error of a file in a run folder that does not have the form of its kind.
 *
 * @param line Number of the line, from 1 on, in a file of lines.
 * @param problem What was expected and what was found, such as `expected a string, found null`.
 */
export const damagedFile = (file: string, problem: string, line?: number): BootstandError =>
  new BootstandError(
    'BOOTSTAND_RUN_FILE',
    'usage',
    `${shortPath(file)}${line === undefined ? '' : `, line ${line}`}: ${problem}. The file is damaged, or Bootstand did not write it.`,
  )

/** The first problem that a schema found in a value, as a clause: `"phases[0].name": expected string, found null`. */
export const problemOf = ({ issues }: z.ZodError, value: unknown): string =>
  issueText(issues[0]!, value)

/** One problem that a schema found in a value, as a clause. */
export const issueText = (issue: z.core.$ZodIssue, value: unknown): string => {
  // The schema says which keys it has (core/exact-object.ts).
  if (issue.code === 'unrecognized_keys') return `${fieldOf(issue.path)}${issue.message}`
  const found = issue.path.reduce(
    (it: unknown, key) => (it as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  )
  return `${fieldOf(issue.path)}${expectedBy(issue)}, found ${shownValue(found)}`
}

const expectedBy = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`
  if (issue.code === 'invalid_value')
    return `expected ${issue.values.map((it) => JSON.stringify(it)).join(', ')}`
  if (issue.code === 'too_big') return `expected ${String(issue.maximum)} at the most`
  if (issue.code === 'too_small') return `expected ${String(issue.minimum)} at least`
  if (issue.code === 'invalid_union') {
    const kinds = issue.errors.flatMap(([first]) =>
      first?.code === 'invalid_type' ? [first.expected] : [],
    )
    return `expected ${kinds.join(' or ') || 'another value'}`
  }
  return issue.message.replace(/^Invalid /, 'expected a valid ')
}

const fieldOf = (path: readonly PropertyKey[]): string => {
  if (path.length === 0) return ''
  const names = path.map((it) => (typeof it === 'number' ? `[${it}]` : `.${String(it)}`))
  return `"${shortened(names.join('').replace(/^\./, ''))}": `
}

/** A foreign value in a message: short, and safe to print. */
export const shownValue = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  // JSON has no infinite numbers, but its reader makes them: 1e999.
  return shortened(
    typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value),
  )
}

const shortened = (text: string): string =>
  printable(text.length > longestShown ? `${text.slice(0, longestShown)}…` : text)
