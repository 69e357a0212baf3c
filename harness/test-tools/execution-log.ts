/** What QEMU logs of an instruction that it executes: at an address of eight hexadecimal digits, in a ring. */
export const executes = (address: string, ring = 3): string =>
  `Trace 0: 0x7fd0781a3d00 [00000000/${address}/000030b${ring}/ff020201] \n`

/** What it traces of a text that is printed on COM1. */
export const prints = (text: string): string =>
  Array.from(
    text,
    (it) =>
      `memory_region_ops_write cpu 0 mr 0x55e606588ee0 addr 0x3f8 value 0x${it.codePointAt(0)!.toString(16)} size 1 name 'serial'\n`,
  ).join('')
