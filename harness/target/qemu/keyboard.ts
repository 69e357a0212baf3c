import { setTimeout as pause } from 'node:timers/promises'
import { deadlines } from '../../core/deadline.ts'
import { BootstandError } from '../../core/errors.ts'
import type { Emulator } from './emulator.ts'
import { readPort } from './monitor-commands.ts'
import { chordsOf } from './us-keyboard.ts'

/**
 * Milliseconds of the guest's time between one key's going down or up and the next. A person who types
 * fast takes 50; a PC's BIOS has room for 15 keys.
 */
const pace = 20

/**
 * How many keys a PC's keyboard holds for a guest that does not read: it has room for 16 codes, of which a key gives
 * 2 to 5. What comes then it drops, and QEMU does not say so.
 */
const room = 3

/** Status register of the keyboard's controller, whose bit 0 says that a code is there. Reading it changes nothing. */
const status = 0x64

/** Types text; settles when the last key is up again. `assertOn` throws when the machine has ended. */
export type Typist = (text: string, assertOn?: () => void) => Promise<void>

/**
 * The keyboard of an emulated machine. What is typed ahead of the guest waits in it, as in a PC's.
 *
 * @param slowness By which waits are longer on this host.
 * @returns what throws a `BootstandError` when the guest leaves so many keys that no other has room.
 */
export const openKeyboard = (
  { qmp, standstill, time }: Pick<Emulator, 'qmp' | 'standstill' | 'time'>,
  slowness = 1,
): Typist => {
  /** How many keys have come since the guest was seen to have read all. */
  let unread = 0

  /** Waits until the guest has read the codes of every key. */
  const awaitRead = async (key: string, assertOn?: () => void) => {
    const within = deadlines.typing * slowness
    const until = time() + within
    while (((await readPort(qmp, status)) & 1) !== 0) {
      assertOn?.()
      if (time() >= until) throw notRead(key, within)
      await pause(pace)
    }
    unread = 0
  }

  return async (text, assertOn) => {
    for (const chord of chordsOf(text)) {
      if (unread + chord.length > room) await awaitRead(chord.join('+'), assertOn)
      unread += chord.length
      const keys = chord.map((data) => ({ type: 'qcode', data }))
      // QEMU drops keys for a guest that stands still.
      await standstill.outside(
        async () => await qmp.execute('send-key', { keys, 'hold-time': pace }),
      )
      // QEMU keeps the pace by the guest's clock; the next key must not pile up behind it, nor while a busy host runs no guest.
      const until = time() + 2 * chord.length * pace
      for (let left = until - time(); left > 0; left = until - time()) await pause(left)
    }
  }
}

const notRead = (key: string, within: number): BootstandError =>
  new BootstandError(
    'BOOTSTAND_TYPING',
    'guest',
    `Keys for vga did not reach the guest: it does not read its keyboard (waited ${within} ms), which has no room ` +
      `for the key \`${key}\`. Nothing was typed from there on.`,
  )
