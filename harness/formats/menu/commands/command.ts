/** What an argument or an option's value is. */
export type ValueKind =
  | 'address'
  | 'choice'
  | 'device'
  | 'file'
  | 'number'
  | 'numbers'
  | 'password'
  | 'text'
  | 'word'

/** An argument of a command, in its place. */
export interface ArgumentInfo {
  readonly name: string
  readonly kind: ValueKind
  readonly isOptional?: boolean
  /** Takes all that is left of the line. */
  readonly isRest?: boolean
  /** The words it may be, for a choice. */
  readonly choices?: readonly string[]
}

/** An option; those with a value end in `=`. */
export interface OptionInfo {
  readonly name: string
  readonly kind?: ValueKind
  readonly choices?: readonly string[]
}

/** A command of GRUB Legacy 0.97, for checking, completion and documentation. */
export interface CommandInfo {
  /**
   * - `menu`: only before the first title; in an entry it stops with Error 27.
   * - `anywhere`: before the first title and in entries.
   * - `entry`: only in entries; GRUB ignores it before the first title.
   * - `title`: begins an entry.
   */
  readonly place: 'menu' | 'anywhere' | 'entry' | 'title'
  /** One sentence. */
  readonly purpose: string
  /** Options come before arguments; GRUB takes them in any order. */
  readonly options?: readonly OptionInfo[]
  readonly arguments?: readonly ArgumentInfo[]
  /**
   * Which GRUBs have it, if not all: those with the `graphics` patch (Debian's, Red Hat's), those
   * built for the `network` (not Debian's), the `shell` that runs under Unix. Others skip it.
   */
  readonly build?: 'graphics' | 'network' | 'shell'
}
