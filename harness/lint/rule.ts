import type { Span } from '../formats/menu/span.ts'
import type { Fix, Severity } from './finding.ts'
import type { EntryView, Subject } from './subject.ts'

/** Data about a kind of mistake, and a pure function that finds it. */
export interface Rule {
  /** Stable: scripts and suppressions name it. */
  readonly id: string
  readonly severity: Severity
  /** What trips it, in a few words. */
  readonly trips: string
  /** What would happen at boot. */
  readonly why: string
  /** What its fix does, if it ever has one. */
  readonly fix?: string
  /** What must be right before its fix is certain; the line that it changes if left out. */
  readonly fixNeeds?: 'entry' | 'menu'
  /** Whether nothing else is worth saying of a menu that trips it. */
  readonly alone?: true
  readonly check: (subject: Subject) => readonly Complaint[]
}

/** What a rule has to say of one place. */
export interface Complaint {
  readonly at: Span
  readonly message: string
  readonly fix?: Fix
  /** Instead of the rule's own, where more is known. */
  readonly why?: string
}

/** A check that looks at entries one by one. */
export const eachEntry =
  (check: (view: EntryView, subject: Subject) => readonly Complaint[]): Rule['check'] =>
  (subject) =>
    subject.entries.flatMap((view) => check(view, subject))

/** A check that looks at kickstart's entries one by one. */
export const eachKickstart = (
  check: (view: EntryView, subject: Subject) => readonly Complaint[],
): Rule['check'] => eachEntry((view, subject) => (view.isKickstart ? check(view, subject) : []))

/** Of UTF-8, one character a byte. */
export const byteOrderMark = '\xef\xbb\xbf'

/** An address as kickstart prints it. */
export const hex = (address: number): string => `0x${address.toString(16).padStart(8, '0')}`

/** A text of the menu for a message: one line of visible characters, cut if long. */
export const shown = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
