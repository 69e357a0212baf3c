import { BootstandError } from '../core/errors.ts'
import { mtreeText, parseMtree, type MtreeRecord } from '../formats/mtree.ts'
import { runToolApart, toolError } from '../host/run-tool.ts'
import type { RamdiskEntry, RamdiskTree } from './tree.ts'

/** An archive's files, and under which names their bytes lie there. */
export interface ArchiveListing {
  readonly tree: RamdiskTree
  /** Of files with several names: the archive has their bytes only once. */
  readonly homes: ReadonlyMap<string, string>
}

/**
 * Lists a cpio archive, as bsdtar says it in a manifest.
 *
 * @param file What the user calls it.
 */
export const listArchive = async (archive: string, file: string): Promise<ArchiveListing> => {
  const options = ['--format=mtree', '--options=mtree:inode,mtree:resdevice']
  const words = ['-c', '-f', '-', ...options, `@${archive}`]
  const { stdout } = await runToolApart('bsdtar', words, { cwd: '/' }).catch((error: unknown) => {
    if (!(error instanceof BootstandError) || error.code !== 'BOOTSTAND_TOOL_FAILED') throw error
    const [, said = error.message] = /bsdtar: (.*)/.exec(error.message) ?? []
    const message = `${file} cannot be read as a cpio archive: bsdtar says "${said.replace(`${archive}: `, '')}".`
    throw new BootstandError('BOOTSTAND_RAMDISK', 'usage', message, { cause: error })
  })
  const manifest = parseMtree(stdout.toString())
  if ('defect' in manifest) throw toolError('bsdtar', manifest.defect)
  const homes = homesOf(manifest.records)
  const sizes = new Map(manifest.records.map((it) => [it.path, it.keywords.get('size')]))
  const records = manifest.records.map((it) => ({
    ...it,
    keywords: new Map([...it.keywords, ['size', sizes.get(homes.get(it.path) ?? it.path) ?? '0']]),
  }))
  return { tree: new Map(records.map((it) => [it.path, entryOf(it)])), homes }
}

/** Which of a file's hard links has its bytes. */
const homesOf = (records: readonly MtreeRecord[]): ReadonlyMap<string, string> => {
  const linked = records.filter(({ keywords }) => Number(keywords.get('nlink') ?? 1) > 1)
  const identity = ({ keywords }: MtreeRecord) =>
    `${keywords.get('resdevice')} ${keywords.get('inode')}`
  const full = linked.filter(({ keywords }) => Number(keywords.get('size') ?? 0) > 0)
  const homes = new Map(full.map((it) => [identity(it), it.path]))
  return new Map(linked.map((it) => [it.path, homes.get(identity(it)) ?? it.path]))
}

const entryOf = ({ path, keywords }: MtreeRecord): RamdiskEntry => {
  const number = (key: string, base = 10) => Number.parseInt(keywords.get(key) ?? '0', base)
  const base = { path, mode: number('mode', 8), uid: number('uid'), gid: number('gid') }
  const type = keywords.get('type') ?? 'file'
  switch (type) {
    case 'link':
      return { ...base, type, target: mtreeText(keywords.get('link') ?? '') }
    case 'char':
    case 'block': {
      const [, major = '0', minor = '0'] = (keywords.get('device') ?? '').split(',')
      return { ...base, type, major: Number(major), minor: Number(minor) }
    }
    case 'dir':
    case 'fifo':
    case 'socket':
      return { ...base, type }
    default:
      return { ...base, type: 'file', size: number('size') }
  }
}

/** A regular file's bytes. */
export const readFromArchive = async (archive: string, path: string): Promise<Buffer> => {
  // It takes names for patterns.
  const pattern = path.replaceAll(/[\\*?[\]]/g, String.raw`\$&`)
  const words = ['-x', '-O', '-f', archive, pattern]
  return (await runToolApart('bsdtar', words, { cwd: '/' })).stdout
}
