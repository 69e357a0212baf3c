import { BootstandError } from '../../core/errors.ts'

/** How a UART frames its bytes, and who may send when. */
export interface LineSettings {
  /** Baud. */
  readonly speed: number
  readonly dataBits: 5 | 6 | 7 | 8
  readonly parity: 'none' | 'even' | 'odd'
  readonly stopBits: 1 | 2
  readonly flow: 'none' | 'rtscts' | 'xonxoff'
}

/** What the line itself did to a byte, where it can tell. */
export type LineTrouble = 'break' | 'framing error' | 'parity error' | 'overrun'

/** Who is told of a line. */
export interface LineEvents {
  readonly onBytes: (bytes: Buffer) => void
  /** Told once; not when `close` was called. @param reason A clause, such as `the port vanished`. */
  readonly onLost: (reason: string) => void
  readonly onTrouble: (trouble: LineTrouble) => void
}

/** Signals by which a serial port may switch something. */
export type ControlLine = 'dtr' | 'rts'

/** An open connection to one serial port of a board: bytes in and out. */
export interface Line {
  /** Settles when the bytes are on their way. */
  write(bytes: Buffer): Promise<void>
  /** Holds the line in a break condition for a quarter of a second. */
  sendBreak(): Promise<void>
  setControl(line: ControlLine, isOn: boolean): Promise<void>
  /** Throws away what was received and not read yet. */
  purge(): Promise<void>
  close(): Promise<void>
}

/** Milliseconds: longer than any frame, and than the two frames that a `long break` wants. */
export const breakLength = 250

/** Why a line cannot be opened: it may come yet, or somebody has to act. */
export class LineError extends BootstandError {
  /** Whether it may come by itself, as a port does that its board powers. */
  readonly isAbsent: boolean

  constructor(message: string, isAbsent = false) {
    super('BOOTSTAND_LINE', 'host', message)
    this.isAbsent = isAbsent
  }
}

/**
 * What this board cannot do, whatever is booted: tests skip for it.
 *
 * @param what A sentence, such as `The TCP line 10.0.0.7:4001 sends no break.`
 */
export const boardCannot = (what: string): BootstandError =>
  new BootstandError('BOOTSTAND_BOARD_CANNOT', 'usage', what)
