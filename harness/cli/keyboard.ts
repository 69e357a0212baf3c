import type { Console } from '../console/console.ts'
import { say } from './print.ts'

/** Ctrl-^. */
const nextKey = 0x1e

/** What somebody at the keyboard may wish besides typing to the guest. */
export interface KeyboardWishes {
  /** The key that calls `leave`. */
  readonly leaveKey: number
  readonly leave: () => void
  /** Nothing more can be typed. */
  readonly ended: () => void
}

/** Sends typed keys to the guest, to one console at a time. Gives back what undoes it. */
export const takeKeyboard = (
  consoles: readonly Pick<Console, 'pass' | 'role'>[],
  { leaveKey, leave, ended }: KeyboardWishes,
): (() => void) => {
  const { stdin } = process
  let chosen = 0
  const type = (bytes: Buffer) => {
    const next = consoles.length === 1 ? -1 : bytes.indexOf(nextKey)
    // Keys that a guest does not take are lost, as on a real line.
    const keys = next === -1 ? bytes : bytes.subarray(0, next)
    if (keys.length > 0) void consoles[chosen]!.pass(keys).catch(() => {})
    if (next === -1) return
    chosen = (chosen + 1) % consoles.length
    say(`\nKeys go to ${consoles[chosen]!.role}.`)
    type(bytes.subarray(next + 1))
  }
  const onData = (bytes: Buffer) => {
    const end = bytes.indexOf(leaveKey)
    type(end === -1 ? bytes : bytes.subarray(0, end))
    if (end !== -1) leave()
  }
  if (stdin.isTTY) stdin.setRawMode(true)
  stdin.on('data', onData)
  stdin.once('end', ended)
  stdin.resume()
  return () => {
    stdin.off('data', onData)
    stdin.off('end', ended)
    if (stdin.isTTY) stdin.setRawMode(false)
    stdin.pause()
  }
}
