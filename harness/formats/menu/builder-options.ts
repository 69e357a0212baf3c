import type { TerminalName } from './pieces/terminal.ts'

/** A serial port for GRUB to speak on. */
export interface SerialOptions {
  /** 0, the default, is COM1. */
  readonly unit?: 0 | 1 | 2 | 3
  /** I/O port, if it is none of the PC's usual four. */
  readonly port?: number
  /** Baud rate; GRUB's default is 9600. */
  readonly speed?: number
  readonly word?: 5 | 6 | 7 | 8
  readonly parity?: 'no' | 'odd' | 'even'
  readonly stop?: 1 | 2
}

/** Where GRUB prints its menu. */
export interface TerminalOptions {
  readonly terminals: readonly TerminalName[]
  /** Seconds to wait for a key; 0 takes the first terminal at once. */
  readonly timeout?: number
  /** No cursor moves: a transcript of these reads badly. */
  readonly dumb?: boolean
  readonly silent?: boolean
  readonly lines?: number
}

/** The words of a `serial` line. */
export const serialWords = ({ unit, port, ...line }: SerialOptions): string[] => [
  ...option('unit', unit),
  ...option('port', port === undefined ? undefined : `0x${port.toString(16)}`),
  ...option('speed', line.speed),
  ...option('word', line.word),
  ...option('parity', line.parity),
  ...option('stop', line.stop),
]

/** The words of a `terminal` line. */
export const terminalWords = (options: TerminalOptions): string[] => [
  ...option('timeout', options.timeout),
  ...option('lines', options.lines),
  ...(options.dumb === true ? ['--dumb'] : []),
  ...(options.silent === true ? ['--silent'] : []),
  ...options.terminals,
]

const option = (name: string, value: number | string | undefined): string[] =>
  value === undefined ? [] : [`--${name}=${value}`]
