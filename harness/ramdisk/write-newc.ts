import fs from 'node:fs/promises'
import path from 'node:path'
import { mtreeName } from '../formats/mtree.ts'
import { runTool } from '../host/run-tool.ts'
import { mediumTime, reproducibleEnvironment } from '../media/reproducible.ts'
import type { SourceEntry } from './manifest-entry.ts'

/**
 * Writes files into a cpio archive of the form `newc`, which Linux unpacks as its initramfs; the same bytes each time.
 *
 * bsdtar makes it of a manifest, so that it needs no root for owners and devices. It goes through a tar archive, which
 * has none of the host's inode and device numbers: read from there, files are numbered anew, from 1 on.
 *
 * @param folder An empty one, for what lies between.
 */
export const writeNewc = async (
  archive: string,
  entries: readonly SourceEntry[],
  folder: string,
): Promise<void> => {
  const empty = path.join(folder, 'empty')
  // A manifest's "." is the working directory, of which bsdtar would keep something.
  await fs.mkdir(empty)
  const manifest = path.join(folder, 'manifest')
  await fs.writeFile(manifest, `#mtree\n${entries.map(lineOf).join('\n')}\n`)
  const tar = path.join(folder, 'archive.tar')
  const options = { cwd: empty, env: reproducibleEnvironment }
  await runTool('bsdtar', ['-c', '-f', tar, '--format=gnutar', `@${manifest}`], options)
  await runTool('bsdtar', ['-c', '-f', archive, '--format=newc', `@${tar}`], options)
}

const lineOf = (entry: SourceEntry): string =>
  [
    entry.path === '' ? '.' : `./${mtreeName(entry.path)}`,
    `type=${entry.type}`,
    `mode=0${entry.mode.toString(8)}`,
    ...[`uid=${entry.uid}`, `gid=${entry.gid}`, 'nlink=1', `time=${mediumTime}.0`],
    ...contentOf(entry),
  ].join(' ')

const contentOf = (it: SourceEntry): string[] => {
  if (it.type === 'file') return [`contents=${mtreeName(it.contents!)}`]
  if (it.type === 'link') return [`link=${mtreeName(it.target)}`]
  if (it.type === 'char' || it.type === 'block') return [`device=native,${it.major},${it.minor}`]
  return []
}
