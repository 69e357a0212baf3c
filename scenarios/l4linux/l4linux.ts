import { l4linux } from 'bootstand'

/** Booted from a ramdisk; /dev/console is the second serial port, since the first is the kernel debugger's. */
export default l4linux({
  arguments: 'root=/dev/ram0 ramdisk_size=8192 console=herc console=ttyS1,115200',
  ramdisk: 'ramdisk',
})

/** Its root on a disk, /dev/console on the VGA, where nothing scrolls over the debugger's wheels. */
export const disk = l4linux({
  title: 'L4Linux on a disk',
  arguments: 'root=/dev/hda1 no-scroll console=herc console=tty',
})
