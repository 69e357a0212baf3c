import { output } from '../../host/output.ts'
import { BootstandError } from '../../core/errors.ts'
import { didYouMean } from '../../core/nearest.ts'
import { visibleText } from '../../core/text.ts'
import { printResult } from '../print.ts'
import { openRamdisk, type Ramdisk } from '../../ramdisk/open-ramdisk.ts'
import {
  findEntry,
  inOrder,
  realPath,
  type EntryType,
  type RamdiskEntry,
} from '../../ramdisk/tree.ts'
import type { JsonFlag } from '../flags.ts'

/** `bootstand ramdisk ls`: the files of a ramdisk, as `ls -l` shows them. */
export const ramdiskList = async (file: string, flags: JsonFlag): Promise<void> =>
  await lookInto(file, async ({ tree }) => {
    const entries = inOrder(tree)
    printResult(flags, entries.map(jsonOf), () => entries.map(lineOf))
  })

/** `bootstand ramdisk cat`: a file's bytes. */
export const ramdiskCat = async (file: string, path: string): Promise<void> =>
  await lookInto(file, async ({ tree, read }) => {
    const entry = realPath(tree, path) === '' ? tree.get('') : findEntry(tree, path)
    if (entry === undefined) {
      const names = inOrder(tree).map((it) => it.path)
      throw wrong(`${file} has no ${path}.${didYouMean(path.replace(/^\/+/, ''), names)}`)
    }
    if (entry.type !== 'file') {
      throw wrong(`Expected a regular file at ${path} in ${file}, found ${typeNames[entry.type]}.`)
    }
    output.writeData(Buffer.from(read(entry)))
  })

const lookInto = async (file: string, look: (ramdisk: Ramdisk) => Promise<void>) => {
  await using ramdisk = await openRamdisk(file)
  await look(ramdisk)
}

const typeNames: Readonly<Record<Exclude<EntryType, 'file'>, string>> = {
  ...{ dir: 'a directory', link: 'a link that leads nowhere', fifo: 'a pipe', socket: 'a socket' },
  ...{ char: 'a device', block: 'a device' },
}

const jsonOf = ({ mode, ...rest }: RamdiskEntry) => ({ ...rest, mode: mode.toString(8) })

/** As `ls -l` has them. */
const letters: Readonly<Record<EntryType, string>> = {
  ...{ file: '-', dir: 'd', link: 'l', char: 'c', block: 'b', fifo: 'p', socket: 's' },
}

const lineOf = (it: RamdiskEntry): string => {
  const size =
    it.type === 'file'
      ? String(it.size)
      : it.type === 'char' || it.type === 'block'
        ? `${it.major},${it.minor}`
        : '-'
  const owner = `${it.uid}:${it.gid}`
  const target = it.type === 'link' ? ` -> ${visibleText(it.target)}` : ''
  return `${letters[it.type]}${permissions(it.mode)} ${owner.padEnd(7)} ${size.padStart(9)} /${visibleText(it.path)}${target}`
}

const permissions = (mode: number): string => {
  const [setuid, setgid, sticky] = [mode & 0o4000, mode & 0o2000, mode & 0o1000]
  const three = (bits: number, special: number, letter: string) =>
    (bits & 4 ? 'r' : '-') + (bits & 2 ? 'w' : '-') + execution(bits & 1, special, letter)
  return three(mode >> 6, setuid, 's') + three(mode >> 3, setgid, 's') + three(mode, sticky, 't')
}

const execution = (may: number, special: number, letter: string): string => {
  if (special !== 0) return may ? letter : letter.toUpperCase()
  return may ? 'x' : '-'
}

const wrong = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_RAMDISK', 'usage', message)
