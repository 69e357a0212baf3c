import { setTimeout as pause } from 'node:timers/promises'
import type { Emulator } from './emulator.ts'
import { chordsOf } from './us-keyboard.ts'

/**
 * Milliseconds of the guest's time between one key's going down or up and the next. A person who types
 * fast takes 50; a PC's keyboard has room for 16 codes, its BIOS for 15 keys.
 */
const pace = 20

/** Types text on an emulated machine's keyboard; settles when the last key is up again. */
export const typeOnKeyboard = async (
  { qmp, standstill, time }: Pick<Emulator, 'qmp' | 'standstill' | 'time'>,
  text: string,
): Promise<void> => {
  for (const chord of chordsOf(text)) {
    const keys = chord.map((data) => ({ type: 'qcode', data }))
    // QEMU drops keys for a guest that stands still.
    await standstill.outside(async () => await qmp.execute('send-key', { keys, 'hold-time': pace }))
    // QEMU keeps the pace by the guest's clock; the next key must not pile up behind it, nor while a busy host runs no guest.
    const until = time() + 2 * chord.length * pace
    for (let left = until - time(); left > 0; left = until - time()) await pause(left)
  }
}
