import fs from 'node:fs'
import type { ByteSource } from '../formats/byte-source.ts'

/** Opens a regular file whose bytes are read where they are needed. */
export const fileSource = (file: string): ByteSource & Disposable => {
  const descriptor = fs.openSync(file, 'r')
  const { size } = fs.fstatSync(descriptor)
  return {
    size,
    read: (offset, length) => {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)))
      const count = bytes.length === 0 ? 0 : fs.readSync(descriptor, bytes, 0, bytes.length, offset)
      return bytes.subarray(0, count)
    },
    [Symbol.dispose]: () => fs.closeSync(descriptor),
  }
}
