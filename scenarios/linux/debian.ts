import { linux } from 'bootstand'

// A fixed place in memory and no mitigations: it boots quicker, and prints the same addresses each time.
const quick = 'nokaslr mitigations=off'

export default linux({
  arguments: `console=ttyS0 ${quick}`,
  network: { forward: [80] },
  processors: 2,
})
export const onScreen = linux({ arguments: `console=ttyS0 console=tty0 ${quick}` })
export const noRoot = linux({ arguments: `console=ttyS0 root=/dev/nope ${quick}`, initrd: false })
export const noInit = linux({ arguments: `console=ttyS0 init=/sbin/nope ${quick}` })
export const smallRamdisk = linux({ arguments: `console=ttyS0 ramdisk_size=1024 ${quick}` })
