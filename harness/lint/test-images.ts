/** A tiny ELF file for tests: one segment, nothing in it. */
export interface TinyElf {
  readonly physical: number
  readonly virtual?: number
  readonly size?: number
  readonly entry?: number
  /** 1 is 32 bit, 2 is 64 bit. */
  readonly elfClass?: 1 | 2
  /** Bytes behind the headers. */
  readonly text?: Buffer
}

const headerSize = 0x54
const multibootHeader = Buffer.alloc(12)
multibootHeader.writeUInt32LE(0x1badb002, 0)
multibootHeader.writeUInt32LE(0x1_0000_0000 - 0x1badb002, 8)

/** Writes what the System V ABI says of headers, and nothing else. */
export const tinyElf = (it: TinyElf): Buffer => {
  const text = it.text ?? Buffer.alloc(4)
  const header = Buffer.alloc(headerSize)
  header.set([0x7f, 0x45, 0x4c, 0x46, it.elfClass ?? 1, 1, 1])
  header.writeUInt16LE(2, 0x10)
  header.writeUInt16LE(3, 0x12)
  header.writeUInt32LE(it.entry ?? it.physical, 0x18)
  header.writeUInt32LE(0x34, 0x1c)
  header.writeUInt16LE(0x20, 0x2a)
  header.writeUInt16LE(1, 0x2c)
  const segment = [1, 0, it.virtual ?? it.physical, it.physical, headerSize + text.length]
  segment.push(it.size ?? 0x1000)
  for (const [at, value] of segment.entries()) header.writeUInt32LE(value, 0x34 + 4 * at)
  return Buffer.concat([header, text])
}

/** Images that look like a Pistachio boot set to the rules. */
export const images = {
  kickstart: tinyElf({
    physical: 0x80_0000,
    text: Buffer.concat([multibootHeader, Buffer.from('KickStart \0\0')]),
  }),
  kernel: tinyElf({ physical: 0x10_0000, virtual: 0xf010_0000 }),
  sigma0: tinyElf({ physical: 0x2_0000 }),
  rootTask: tinyElf({ physical: 0x40_0000 }),
  multiboot: tinyElf({ physical: 0x10_0000, text: multibootHeader }),
}

/** It ends its first sector as a boot sector: what memtest86 has of a Linux, and what GRUB looks for. */
export const linuxImage = Buffer.alloc(0x400)
linuxImage.writeUInt16LE(0xaa55, 0x1fe)
