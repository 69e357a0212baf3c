import fs from 'node:fs/promises'
import path from 'node:path'
import { systemCode, type BootstandError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { visibleText } from '../core/text.ts'
import { mtreeText, type MtreeRecord } from '../formats/mtree.ts'
import { kindOf } from '../host/read-menu.ts'
import type { EntryContent, EntryType, RamdiskEntry } from './tree.ts'

/** A file that goes into a ramdisk; a regular one's bytes are those of the host's file `contents`. */
export type SourceEntry = RamdiskEntry & { readonly contents?: string }

type Complain = (message: string) => BootstandError

const types: readonly EntryType[] = ['file', 'dir', 'link', 'char', 'block', 'fifo', 'socket']

/** Keywords of mtree(5) that say how a file is; the others compare or describe, and are left alone. */
const used = [
  'type',
  'mode',
  'uid',
  'gid',
  'uname',
  'gname',
  'link',
  'device',
  'contents',
  'optional',
]
const ignored = [
  ...['cksum', 'flags', 'ignore', 'inode', 'md5', 'md5digest', 'nlink', 'nochange', 'resdevice'],
  ...['ripemd160digest', 'rmd160', 'rmd160digest', 'sha1', 'sha1digest', 'sha256', 'sha256digest'],
  ...['sha384', 'sha384digest', 'sha512', 'sha512digest', 'size', 'time'],
]

/**
 * The file that a line of a manifest means; nothing for a socket, and for an optional file that is missing.
 *
 * @param before What the path was until now.
 * @param folder The manifest's.
 * @param wrongLine Makes an error of a sentence.
 */
export const entryOf = async (
  { path: name, keywords }: MtreeRecord,
  before: SourceEntry | undefined,
  folder: string,
  wrongLine: Complain,
): Promise<SourceEntry | undefined> => {
  const known = [...used, ...ignored]
  const unknown = [...keywords.keys()].find((it) => !known.includes(it))
  if (unknown !== undefined) {
    throw wrongLine(
      // What is no manifest may be anything.
      `Expected a keyword of mtree(5), found ${visibleText(unknown.slice(0, 40))}.${didYouMean(unknown, known)}`,
    )
  }
  const given = keywords.get('type') ?? before?.type ?? 'file'
  const type = types.find((it) => it === given)
  if (type === undefined) {
    throw wrongLine(`Expected one of the types ${types.join(', ')}; found ${given}.`)
  }
  if (type === 'socket') return undefined
  const question = { keywords, before, folder, wrongLine }
  const content =
    type === 'file' ? await fileOf(name, question) : contentOf(type, keywords, wrongLine)
  if (content === undefined) return undefined
  const { mode: own, ...rest } = content
  const mode = modeOf(keywords.get('mode'), wrongLine) ?? before?.mode ?? own
  const uid = ownerOf('uid', 'uname', keywords, wrongLine) ?? before?.uid ?? 0
  const gid = ownerOf('gid', 'gname', keywords, wrongLine) ?? before?.gid ?? 0
  return { path: name, mode, uid, gid, ...rest }
}

interface ContentQuestion {
  readonly keywords: ReadonlyMap<string, string>
  readonly before: SourceEntry | undefined
  readonly folder: string
  readonly wrongLine: Complain
}

/** What it is, and the mode that it has unless it is told one. */
const contentOf = (
  type: Exclude<EntryType, 'file' | 'socket'>,
  keywords: MtreeRecord['keywords'],
  wrongLine: Complain,
): EntryContent & { mode: number } => {
  if (type === 'dir') return { type, mode: 0o755 }
  if (type === 'fifo') return { type, mode: 0o600 }
  if (type !== 'link') {
    return { type, ...deviceOf(keywords.get('device') ?? '', wrongLine), mode: 0o600 }
  }
  const target = keywords.get('link')
  if (target !== undefined) return { type, target: mtreeText(target), mode: 0o777 }
  throw wrongLine('Expected link=TARGET of a symbolic link, found none.')
}

/**
 * A file's bytes are those of `contents`, of what it replaces, or of its own path beside the manifest. Nothing
 * for an optional one that is missing.
 */
const fileOf = async (name: string, { keywords, before, folder, wrongLine }: ContentQuestion) => {
  const told = keywords.get('contents')
  if (told === undefined && before?.type === 'file') {
    return { type: before.type, size: before.size, contents: before.contents!, mode: before.mode }
  }
  const contents = path.resolve(folder, told === undefined ? name : mtreeText(told))
  const stat = await fs.stat(contents).catch(() => undefined)
  if (stat === undefined && keywords.has('optional')) return undefined
  if (stat?.isFile() !== true) {
    const found = stat === undefined ? 'nothing' : kindOf(stat)
    throw wrongLine(`Expected the contents of ${name} in the file ${contents}, found ${found}.`)
  }
  await fs.access(contents, fs.constants.R_OK).catch((error: unknown) => {
    throw wrongLine(`Cannot read ${contents} (${systemCode(error)}).`)
  })
  return { type: 'file' as const, size: stat.size, contents, mode: stat.mode & 0o7777 }
}

/** `native,5,1`, or without the format; Linux's own is meant. */
const deviceOf = (text: string, wrongLine: Complain): { major: number; minor: number } => {
  const [, major, minor] = /^(?:(?:native|linux),)?([0-9]{1,4}),([0-9]{1,7})$/.exec(text) ?? []
  if (major !== undefined && Number(major) < 4096 && Number(minor) < 2 ** 20) {
    return { major: Number(major), minor: Number(minor) }
  }
  throw wrongLine(`Expected device=native,MAJOR,MINOR, found ${text === '' ? 'none' : text}.`)
}

const modeOf = (text: string | undefined, wrongLine: Complain): number | undefined => {
  if (text === undefined) return undefined
  if (/^[0-7]{1,5}$/.test(text) && Number.parseInt(text, 8) <= 0o7777) {
    return Number.parseInt(text, 8)
  }
  throw wrongLine(`Expected an octal mode such as mode=0755, found ${text}.`)
}

const ownerOf = (
  id: string,
  name: string,
  keywords: ReadonlyMap<string, string>,
  wrongLine: Complain,
): number | undefined => {
  const [number, word] = [keywords.get(id), keywords.get(name)]
  if (number === undefined) {
    if (word === undefined) return undefined
    if (word === 'root') return 0
    throw wrongLine(`Expected ${id}=NUMBER: only the target knows who is called ${word}.`)
  }
  if (/^[0-9]{1,10}$/.test(number) && Number(number) < 2 ** 32) return Number(number)
  throw wrongLine(`Expected ${id}=NUMBER, found ${number}.`)
}
