import type { StopText } from '../console/stop.ts'

/** What SeaBIOS and iPXE print on COM1, where they speak there, when they find nothing to boot. */
export const firmwareStops: readonly StopText[] = [
  {
    id: 'network-boot-failed',
    // Source: iPXE's strerror() ends each failure with the address of its explanation. The text begins at
    // the first word behind a dot: without that, a long line would be searched from every letter on.
    pattern:
      /(?=\w)(?<=(?:^|\.)[^\w.]*)(?<text>\w[^.]*) \((?<address>http:\/\/ipxe\.org\/[0-9a-f]{8})\)/,
    culprit: 'host',
    outcome: 'waiting-in-loader',
    meaning: 'the network boot failed: {text} ({address})',
  },
  {
    id: 'nothing-to-boot',
    // Source: SeaBIOS, src/boot.c.
    pattern: /^No bootable device\./,
    culprit: 'bootset',
    outcome: 'waiting-in-loader',
    meaning: 'the BIOS found nothing to boot',
  },
]
