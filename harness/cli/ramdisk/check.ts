import { failedStatus } from '../../core/errors.ts'
import { formatSize } from '../../core/text.ts'
import { typedWhole } from '../../core/typed.ts'
import { printResult } from '../print.ts'
import { checkRamdisk, type RamdiskReport } from '../../ramdisk/check-ramdisk.ts'
import type { RamdiskCheckFlags } from '../flags.ts'

/** `bootstand ramdisk check`: what a ramdisk is, and what keeps Linux from starting with it. */
export const ramdiskCheck = async (file: string, flags: RamdiskCheckFlags): Promise<void> => {
  const { ramdiskSize, memory } = flags
  const report = await checkRamdisk(file, {
    ...(ramdiskSize !== undefined && {
      ramdiskSize: typedWhole('--ramdisk-size', ramdiskSize, { most: 999_999_999, of: 'KiB' }),
    }),
    ...(memory !== undefined && {
      memory: typedWhole('--memory', memory, { most: 999_999_999, of: 'MiB' }),
    }),
  })
  printResult(flags, { file, ...report }, () => textOf(file, report))
  if (report.problems.length > 0) process.exitCode = failedStatus
}

const textOf = (file: string, it: RamdiskReport): readonly string[] => {
  const rows: [string, string][] = [
    ['format', `${it.format}${it.isZipped ? ', zipped' : ''}`],
    ['size', `${formatSize(it.size)}${it.isZipped ? `, ${formatSize(it.storedSize)} zipped` : ''}`],
    ...fileSystemRows(it),
    ['starts', it.init ?? 'nothing'],
  ]
  if (it.ramdiskSize !== undefined) rows.push(['Linux needs', `ramdisk_size=${it.ramdiskSize}`])
  return [
    file,
    ...rows.map(([name, value]) => `  ${name.padEnd(12)} ${value}`),
    ...it.problems.map((problem) => `problem: ${problem}`),
  ]
}

const fileSystemRows = ({ fileSystem }: RamdiskReport): [string, string][] => {
  if (fileSystem === undefined) return []
  const { free, inodes, freeInodes, inodeSize, e2fsck } = fileSystem
  const old = inodeSize === 128 ? '' : ', with which Linux 2.4 does not mount it'
  return [
    ['free', formatSize(free)],
    ['inodes', `${freeInodes} of ${inodes} free; of ${inodeSize} bytes${old}`],
    ['e2fsck', e2fsck],
  ]
}
