/** Bytes of code at a virtual address. */
export interface LoggedCode {
  readonly address: number
  readonly bytes: Buffer
}

/** A line that QEMU logs for `-d in_asm`: `0xf0102956:  83 78 1c 01              cmpl     $1, 0x1c(%eax)`. */
const disassembled = /^0x(?<address>[0-9a-f]{8,16}): {2}(?<bytes>(?:[0-9a-f]{2} )+)/gm

/** Reads which code QEMU has translated, which it does when the guest first comes to it. */
export function* codeInLog(log: string): Generator<LoggedCode> {
  for (const { groups } of log.matchAll(disassembled)) {
    const { address, bytes } = groups as { address: string; bytes: string }
    yield {
      address: Number.parseInt(address, 16),
      bytes: Buffer.from(bytes.replaceAll(' ', ''), 'hex'),
    }
  }
}
