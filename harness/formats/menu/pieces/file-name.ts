import type { Word } from '../span.ts'
import { parseBlocklist, type Blocklist } from './blocklist.ts'
import { parseDevice, type DeviceName } from './device.ts'
import type { Reading } from './reading.ts'

/** A file as GRUB names it: a path, or sectors of a device. */
export interface FileName {
  /** Without it, the device that the command `root` chose. */
  readonly device?: DeviceName
  readonly path?: string
  readonly blocks?: Blocklist
}

/** A file such as `/kickstart`, `(hd0,0)/boot/kickstart`, `(hd0)0+1` or `+1`. */
export const parseFileName = (word: Word): Reading<FileName> => {
  if (!word.text.startsWith('(')) return place(word)
  const device = parseDevice(word)
  if (device.problem) return device
  const file = place(device.value.rest)
  return file.problem ? file : { value: { device: device.value, ...file.value } }
}

const place = (word: Word): Reading<FileName> => {
  if (word.text.startsWith('/')) return { value: { path: word.text } }
  const blocks = parseBlocklist(word)
  return blocks.problem ? blocks : { value: { blocks: blocks.value } }
}
