import type { FuzzedFormat } from './format.ts'
import { baseline } from './formats/baseline.ts'
import { boards } from './formats/boards.ts'
import { disk } from './formats/disk.ts'
import { elf } from './formats/elf.ts'
import { emulatorLog } from './formats/emulator-log.ts'
import { kernelConfig } from './formats/kernel-config.ts'
import { log } from './formats/log.ts'
import { menu } from './formats/menu.ts'
import { mtree } from './formats/mtree.ts'
import { ramdisk } from './formats/ramdisk.ts'
import { verdict } from './formats/verdict.ts'

/** Every format that is fuzzed. A further one is a file in `formats/` and a name here. */
export const fuzzedFormats: readonly FuzzedFormat[] = [
  ...[menu, kernelConfig, log, elf, disk, emulatorLog, mtree, baseline, boards, verdict, ramdisk],
]
