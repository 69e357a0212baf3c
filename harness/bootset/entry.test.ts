import path from 'node:path'
import { expect, test } from 'vitest'
import { l4linux } from '../boot/l4linux.ts'
import { pistachio } from '../boot/pistachio.ts'
import { packageRoot } from '../host/paths.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { menuOf } from './entry.ts'
import { findImages } from './images.ts'

const golden = (name: string) => path.join(packageRoot, 'grub-menus/generated', name)

test.for([
  ['pingpong.lst', pistachio({ rootTask: 'pingpong' })],
  [
    'kernel-memory.lst',
    pistachio({ rootTask: 'rt-kmem', kickstart: 'kmem=4M', title: 'Little memory' }),
  ],
  [
    'l4linux.lst',
    l4linux({
      title: 'L4Linux on a disk',
      arguments: 'root=/dev/hda1 no-scroll console=herc console=tty',
    }),
  ],
  [
    'l4linux-ramdisk.lst',
    l4linux({
      arguments: 'root=/dev/ram0 ramdisk_size=8192 console=herc console=ttyS1,115200',
      kickstart: 'kmem=40M',
      ramdisk: 'ramdisk',
    }),
  ],
] as const)('%s is what the scenario generates', async ([name, scenario]) => {
  const images = await findImages(scenario.bootSet, standInFolder)
  const menu = menuOf(scenario.title, images, scenario).print()
  await expect(menu).toMatchFileSnapshot(golden(name))
})
