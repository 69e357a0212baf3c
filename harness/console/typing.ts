import { setTimeout as pause } from 'node:timers/promises'
import type { WaitOptions } from '../core/deadline.ts'
import { BootstandError, failedStatus } from '../core/errors.ts'
import type { TranscriptEnd } from './transcript.ts'

/** How keys are typed. */
export interface TypeOptions {
  /** Milliseconds between two keys, for guests that do not keep up; none by default. */
  readonly pace?: number
}

/** How keys are typed until they have an effect. */
export interface TypeUntilOptions extends TypeOptions, WaitOptions {
  /** How often they are typed before the guest is given up; 10 by default. */
  readonly attempts?: number
}

/** How a guest is broken into. */
export interface BreakInOptions extends WaitOptions {
  /** A break condition on the line, or the Escape key. */
  readonly by?: 'break' | 'escape'
  readonly attempts?: number
  /** Whether a stop text ends it; it does unless this is false. */
  readonly heedsStops?: boolean
}

/** Defaults of keys whose effect is awaited. */
export const persistence = {
  attempts: 10,
  /** Milliseconds that one attempt may take to show. A guest that polls its UART misses most breaks. */
  within: 1_000,
  /** Breaks are cheap, and a guest that reads the line status may clear them: 2 of 10 got through. */
  breaks: 50,
  breakWithin: 150,
} as const

/**
 * Sends keys one after another with a pause between.
 *
 * @throws {BootstandError} when a character is no byte: half of it would be another key.
 */
export const paced = async (
  text: string,
  pace: number,
  send: (bytes: Buffer) => Promise<void>,
): Promise<void> => {
  if (/[^\0-\xff]/.test(text))
    throw new BootstandError(
      'BOOTSTAND_TYPING',
      'usage',
      `Expected keys that are a byte each, found ${JSON.stringify(text)}: consoles are Latin-1. A guest that reads UTF-8 is given its bytes: Buffer.from(text).toString('latin1').`,
    )
  const pieces = pace === 0 ? [text] : text.split('')
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await pause(pace)
    await send(Buffer.from(piece, 'latin1'))
  }
}

/** The error of keys for a machine that has ended. A failed test, as a wait on it is. */
export const typedTooLate = (
  role: string,
  { what, culprit = 'usage' }: TranscriptEnd,
): BootstandError =>
  new BootstandError(
    'BOOTSTAND_TYPING',
    culprit,
    `Keys for ${role} did not reach the guest: ${what}.`,
    { exitStatus: failedStatus },
  )
