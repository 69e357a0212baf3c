import { partOf, type Word } from '../span.ts'
import { parseNumber } from './number.ts'
import { grubErrors, malformed, type Reading } from './reading.ts'

/** A device as GRUB names it; everything counts from 0. */
export interface DeviceName {
  /** `root` is the device that the command `root` chose: `()`. `bios` is a bare number: `(0x80)`. */
  readonly drive: 'floppy' | 'hard-disk' | 'cdrom' | 'network' | 'bios' | 'root'
  /** Number of the floppy, the hard disk or the BIOS drive. */
  readonly number?: number
  /** A partition of the PC's table; `root` for `(hd0,)`, the one that the command `root` chose. */
  readonly partition?: number | 'root'
  /** A BSD partition, `a` to `h`. */
  readonly bsdPartition?: string
  /** What follows the closing parenthesis, such as a path. */
  readonly rest: Word
}

const kinds = { fd: 'floppy', hd: 'hard-disk', cd: 'cdrom', nd: 'network' } as const
const examples = '(fd0), (hd0), (hd0,0), (hd0,a), (cd) or (nd)'

/**
 * A device at the beginning of a word, as set_device of stage2/disk_io.c reads it. One that ends in
 * its middle, such as `(cd`, is malformed here; GRUB silently takes it for the root device.
 */
export const parseDevice = (word: Word): Reading<DeviceName> => {
  if (!word.text.startsWith('(')) return badSyntax(word, `found "${word.text}"`)
  const drive = parseDrive(partOf(word, 1))
  if (drive.problem) return drive
  const partition = parsePartition(drive.value.rest, hasPartitions(drive.value))
  if (partition.problem) return partition
  const device = { ...drive.value, ...partition.value }
  if ((device.number ?? 0) % 0x80 >= 8) {
    const message = `GRUB knows drives 0 to 7, found ${device.number}; they count from 0.`
    return malformed(word, grubErrors.deviceValues, message)
  }
  if (!device.rest.text.startsWith(')')) {
    return badSyntax(word, `found "${word.text}" without ")" where it should end`)
  }
  return { value: { ...device, rest: partOf(device.rest, 1) } }
}

const badSyntax = (word: Word, found: string) =>
  malformed(word, grubErrors.deviceSyntax, `Expected a device such as ${examples}, ${found}.`)

const parseDrive = (word: Word): Reading<DeviceName> => {
  if (/^[,)]/.test(word.text)) return { value: { drive: 'root', rest: word } }
  const drive = kinds[word.text.slice(0, 2) as keyof typeof kinds]
  if (drive === 'cdrom' || drive === 'network') return { value: { drive, rest: partOf(word, 2) } }
  const number = parseNumber(drive === undefined ? word : partOf(word, 2))
  if (number.problem) {
    if (number.problem.grubError === grubErrors.overflow) return number
    const name = word.text.replace(/[,)].*$/s, '')
    return malformed(
      word,
      grubErrors.number,
      `Expected a device such as ${examples}; "${name}" is no drive that GRUB knows.`,
    )
  }
  const { value, rest } = number.value
  return { value: { drive: drive ?? 'bios', number: value, rest } }
}

const hasPartitions = ({ drive, number }: DeviceName): boolean =>
  drive === 'hard-disk' || drive === 'root' || (drive === 'bios' && number! >= 0x80)

type Partition = Pick<DeviceName, 'partition' | 'bsdPartition' | 'rest'>

const parsePartition = (word: Word, isPossible: boolean): Reading<Partition> => {
  if (!word.text.startsWith(',')) return { value: { rest: word } }
  const choice = partOf(word, 1)
  if (/^[a-h]/.test(choice.text)) return { value: bsdPartition(choice) }
  if (!/^[0-9]/.test(choice.text)) return { value: { partition: 'root', rest: choice } }
  const number = parseNumber(choice)
  if (!isPossible || number.problem || number.value.value > 254) {
    const reason = isPossible ? 'partitions count from 0 to 254' : 'this drive has no partitions'
    const found = choice.text.replace(/[,)].*$/s, '')
    return malformed(choice, grubErrors.deviceSyntax, `Found partition "${found}", but ${reason}.`)
  }
  const { value: partition, rest } = number.value
  if (!/^,[a-h]/.test(rest.text)) return { value: { partition, rest } }
  return { value: { partition, ...bsdPartition(partOf(rest, 1)) } }
}

const bsdPartition = (word: Word): Required<Pick<Partition, 'bsdPartition' | 'rest'>> => ({
  bsdPartition: word.text[0]!,
  rest: partOf(word, 1),
})
