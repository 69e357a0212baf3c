import type { LintContext } from './medium.ts'

/** For tests: a menu that trips a rule, and one that nearly does. */
export interface RuleCase {
  readonly rule: string
  readonly trips: string
  readonly passes: string
  readonly context?: LintContext
}
