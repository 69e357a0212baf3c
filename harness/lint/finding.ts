import type { MenuFile } from '../formats/menu/menu-file.ts'

/** `error`: it will not boot as it is meant to. `warning`: it boots, perhaps not as it is meant to. */
export type Severity = 'error' | 'warning'

/** A change of the menu that is certain to be right. */
export interface Fix {
  /** What it does, as an order. */
  readonly description: string
  /** The menu with the change made; refuses a menu whose lines of concern were changed before. */
  readonly apply: (file: MenuFile) => MenuFile
}

/** Something that a rule found in a menu. */
export interface Finding {
  /** The rule's stable id. */
  readonly rule: string
  readonly severity: Severity
  /** One sentence: what was expected, what was found. */
  readonly message: string
  /** What would happen at boot. */
  readonly why: string
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  /** Characters of the menu's text. */
  readonly length: number
  readonly fix?: Fix
}
