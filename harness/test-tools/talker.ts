import fs from 'node:fs'
import path from 'node:path'

const ports = { com1: 0x3f8, com2: 0x2f8, com3: 0x3e8, com4: 0x2e8, debug: 0xe9 } as const

/** What to print, and where. */
export type Talk = readonly (readonly [port: keyof typeof ports, text: string])[]

/**
 * Writes a floppy whose boot block prints texts to ports, in turn, and halts. At most about 160
 * characters fit.
 *
 * @returns its path.
 */
export const talker = (folder: string, texts: Talk): string => {
  const prints = texts.flatMap(([port, text]) => [
    // mov dx, port
    ...[0xba, ports[port] & 0xff, ports[port] >> 8],
    // mov al, byte; out dx, al
    ...[...Buffer.from(text)].flatMap((it) => [0xb0, it, 0xee]),
  ])
  const block = Buffer.alloc(512)
  // hlt, and again whatever wakes it
  block.set([...prints, 0xf4, 0xeb, 0xfd])
  block.set([0x55, 0xaa], 510)
  const file = path.join(folder, 'talker.img')
  fs.writeFileSync(file, Buffer.concat([block, Buffer.alloc(1440 * 1024 - block.length)]))
  return file
}
