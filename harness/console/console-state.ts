import type { Position } from './wait.ts'

/** How far a console was heard, for another that goes on there. */
export interface ConsoleState {
  /** Bytes that it had printed. */
  readonly size: number
  /** Up to where waits have consumed them. */
  readonly position: Position
  /** Up to where waits have seen what stops there are. */
  readonly accepted: Position
  /** Whether keys may follow without another wait. */
  readonly isPrompted: boolean
}
