import { grubMenu } from 'bootstand'

/** What L4Linux is told. It has no driver for a PC's serial port: ttyLv0 is L4Re's log, which comes on COM1. */
export const linuxArguments =
  'mem=64M console=ttyLv0 l4x_rd=rom/ramdisk-x86.rd root=1:0 ramdisk_size=4000 init=/bin/sh'

/** The modules behind `bootstrap`, in their order, each with its command line. */
export const modules = [
  'fiasco -serial_esc',
  'sigma0',
  'moe rom/l4linux.cfg',
  'l4linux.cfg',
  'l4re',
  'ned',
  'vmlinuz',
  'ramdisk-x86.rd',
] as const

/** A scenario of some of the modules, in a machine with so many MiB. */
export const fiascoWith = (lines: readonly string[], memory = 128) =>
  grubMenu({
    menu: `title L4Linux on Fiasco
kernel /bootstrap -modaddr 0x01100000
${lines.map((it) => `module /${it}\n`).join('')}`,
    entry: 'L4Linux on Fiasco',
    memory,
  })

/** L4Linux 4.15 on Fiasco.OC, from a directory of the user's: `bootstand kdb fiasco --images DIR`. */
export default fiascoWith(modules)
