import { describe, expect, test } from 'bootstand/testing'
import { pistachio } from 'bootstand'
import pingpong from './pingpong.ts'

const methods = ['direct', 'iso', 'floppy', 'disk', 'network'] as const

test.for(methods)('by %s, root tasks get the same command line', async (method, { boot }) => {
  const words = `console=herc  "two  words" console=ttyS1,115200 root=/dev/ram0`
  const target = await boot(pistachio({ rootTask: 'rt-exit', arguments: words }), { method })
  await expect(target.herc).toPrint(/^> $/)
  await target.herc.type('B')
  // GRUB writes the path with its slash before it, QEMU without.
  await expect(target.herc).toPrint(
    /rt-exit console=herc {2}"two {2}words" console=ttyS1,115200 root=\/dev\/ram0$/,
  )
})

test.for(methods)('by %s, pingpong comes to its menu', async (method, { boot }) => {
  const target = await boot(pingpong, { method })
  await expect(target.herc).toPrint('s: print SQLite table')
})

describe('on the images of the user', () => {
  const { BOOTSTAND_IMAGES: images } = process.env
  test.for(methods)('pingpong boots by %s', async (method, { boot, skip }) => {
    skip(images === undefined, 'BOOTSTAND_IMAGES names no directory with a Pistachio build')
    const target = await boot(pingpong, { method, images })
    await expect(target.herc).toPrint('s: print SQLite table')
    await target.herc.type('1')
    await expect(target.herc).toPrint(/^IPC \(63 MRs\): [\d.]+ cycles/)
  })
})
