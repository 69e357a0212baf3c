import type { FuzzedFormat } from './format.ts'
import { baseline } from './formats/baseline.ts'
import { boards } from './formats/boards.ts'
import { checkpoint } from './formats/checkpoint.ts'
import { codeLog } from './formats/code-log.ts'
import { disk } from './formats/disk.ts'
import { elf } from './formats/elf.ts'
import { emulatorLog } from './formats/emulator-log.ts'
import { gzip } from './formats/gzip.ts'
import { kernelConfig } from './formats/kernel-config.ts'
import { log } from './formats/log.ts'
import { menu } from './formats/menu.ts'
import { mtree } from './formats/mtree.ts'
import { ramdisk } from './formats/ramdisk.ts'
import { cast, portTrace, qmp } from './formats/run-parts.ts'
import { verdict } from './formats/verdict.ts'
import { vgaText } from './formats/vga-text.ts'

/** Every format that is fuzzed. A further one is a file in `formats/` and a name here. */
export const fuzzedFormats: readonly FuzzedFormat[] = [
  ...[menu, kernelConfig, log, elf, disk, emulatorLog, mtree, baseline, boards, verdict, ramdisk],
  ...[cast, qmp, portTrace, checkpoint, vgaText, gzip, codeLog],
]
