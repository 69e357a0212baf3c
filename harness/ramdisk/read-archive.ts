import { BootstandError } from '../core/errors.ts'
import { mtreeText, parseMtree, type MtreeRecord } from '../formats/mtree.ts'
import { runToolApart, toolError } from '../host/run-tool.ts'
import type { RamdiskEntry, RamdiskTree } from './tree.ts'

/**
 * Lists a cpio archive, as bsdtar says it in a manifest.
 *
 * @param file What the user calls it.
 */
export const listArchive = async (archive: string, file: string): Promise<RamdiskTree> => {
  const words = ['-c', '-f', '-', '--format=mtree', `@${archive}`]
  const { stdout } = await runToolApart('bsdtar', words, { cwd: '/' }).catch((error: unknown) => {
    if (!(error instanceof BootstandError) || error.code !== 'BOOTSTAND_TOOL_FAILED') throw error
    const [, said = error.message] = /bsdtar: (.*)/.exec(error.message) ?? []
    const message = `${file} cannot be read as a cpio archive: bsdtar says "${said.replace(`${archive}: `, '')}".`
    throw new BootstandError('BOOTSTAND_RAMDISK', 'usage', message, { cause: error })
  })
  const manifest = parseMtree(stdout.toString())
  if ('defect' in manifest) throw toolError('bsdtar', manifest.defect)
  return new Map(manifest.records.map((it) => [it.path, entryOf(it)]))
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
