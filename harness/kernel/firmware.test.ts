import { expect, test } from 'vitest'
import { firmwareStops } from './firmware.ts'

/** What each line, as QEMU's SeaBIOS and iPXE printed it, is taken for. */
test.for([
  [
    'medium.img... No such file or directory (http://ipxe.org/2d12603b)',
    'network-boot-failed',
    'No such file or directory',
  ],
  [
    'Could not boot image: No such file or directory (http://ipxe.org/2d12603b)',
    'network-boot-failed',
    'Could not boot image: No such file or directory',
  ],
  ['No bootable device.', 'nothing-to-boot', undefined],
  [
    'iPXE (http://ipxe.org) 00:03.0 CA00 PCI2.10 PnP PMM+02FCF160+02F0F160 CA00',
    undefined,
    undefined,
  ],
] as const)('%s', ([line, id, text]) => {
  const stop = firmwareStops.find(({ pattern }) => pattern.test(line))
  expect(stop?.id).toBe(id)
  expect(stop?.pattern.exec(line)?.groups?.['text']).toBe(text)
})
