import type { CommandName } from './commands/table.ts'
import type { MenuCut } from './logical-line.ts'
import type { Span, Word } from './span.ts'

interface StatementBase extends Span {
  /** Position among the file's statements. */
  readonly index: number
  /** The exact text, with its line end. All statements' together are the file. */
  readonly source: string
}

/** An empty line. */
export interface BlankStatement extends StatementBase {
  readonly kind: 'blank'
}

/** A line that begins with `#`, behind blanks at most. A backslash at its end takes the next line in. */
export interface CommentStatement extends StatementBase {
  readonly kind: 'comment'
}

/** A line that GRUB looks up a command for. */
export interface CommandStatement extends StatementBase {
  readonly kind: 'command'
  /** The command word as written; empty if the line begins with `=` or a NUL. */
  readonly word: Word
  /** The command, or nothing: GRUB 0.97 knows none of this name and skips the line silently. */
  readonly name: CommandName | undefined
  /** What stands between the command word and its arguments: blanks and `=`. */
  readonly separator: string
  /** What the command is given: repeated blanks, quotes and trailing blanks as they are. */
  readonly arguments: Word
  /** The arguments, split at blanks. */
  readonly words: readonly Word[]
  /** Set if GRUB does not see all of the line. */
  readonly cut: MenuCut | undefined
}

/** A logical line of a menu. */
export type Statement = BlankStatement | CommentStatement | CommandStatement
