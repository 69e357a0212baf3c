import type { LineChange } from '../formats/menu/edit.ts'

/** `error`: it will not boot as it is meant to. `warning`: it boots, perhaps not as it is meant to. */
export type Severity = 'error' | 'warning'

/** A change of the menu that is certain to be right. */
export interface Fix {
  /** What it does, as an order. */
  readonly description: string
  /**
   * The lines that it changes.
   *
   * @throws {BootstandError} when they cannot be written so, such as a line that would be too long.
   */
  readonly changes: () => readonly LineChange[]
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
