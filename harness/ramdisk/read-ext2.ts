import { runToolApart, toolError } from '../host/run-tool.ts'
import type { EntryContent, EntryType, RamdiskEntry, RamdiskTree } from './tree.ts'

/** A file system's files, and the numbers by which debugfs finds them. */
export interface Ext2Listing {
  readonly tree: RamdiskTree
  /** By their paths. */
  readonly inodes: ReadonlyMap<string, number>
}

/** A line of `ls -p`, which says everything but what links and devices lead to. */
interface Found {
  readonly path: string
  readonly inode: number
  readonly type: EntryType
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
}

const rootInode = 2

/** Lists an ext2 file system, a level of directories at a time. */
export const listExt2 = async (image: string): Promise<Ext2Listing> => {
  const root = await lookInto(image, [{ path: '', inode: rootInode }])
  const found = root.filter((it) => it.path === '')
  if (found.length === 0) throw toolError('debugfs', 'it cannot list the root directory')
  const seen = new Set([rootInode])
  let level = found
  while (level.length > 0) {
    const below = (await lookInto(image, level)).filter((it) => it.path !== '')
    found.push(...below)
    // A damaged file system may lead back into itself.
    level = below.filter((it) => it.type === 'dir' && !seen.has(it.inode))
    for (const it of level) seen.add(it.inode)
  }
  const contents = await contentsOf(image, found)
  const entries = found.map(({ path, mode, uid, gid }, index): [string, RamdiskEntry] => [
    path,
    { path, mode, uid, gid, ...contents[index]! },
  ])
  return { tree: new Map(entries), inodes: new Map(found.map((it) => [it.path, it.inode])) }
}

/** What is in directories; of the root, its own "." too. */
const lookInto = async (
  image: string,
  folders: readonly Pick<Found, 'path' | 'inode'>[],
): Promise<Found[]> => {
  const answers = await ask(
    image,
    folders.map((it) => `ls -p <${it.inode}>`),
  )
  return folders.flatMap(({ path }, index) =>
    answers[index]!.split('\n').flatMap((line): Found[] => {
      const [, inode = '0', mode = '0', uid, gid, name, size] =
        /^\/(\d+)\/(\d+)\/(\d+)\/(\d+)\/(.+)\/(\d*)\/$/.exec(line) ?? []
      const isRoot = path === '' && name === '.'
      if (name === undefined || inode === '0' || ((name === '.' || name === '..') && !isRoot))
        return []
      const bits = Number.parseInt(mode, 8)
      return [
        {
          path: isRoot ? '' : path === '' ? name : `${path}/${name}`,
          inode: Number(inode),
          type: types[bits >> 12] ?? 'file',
          mode: bits & 0o7777,
          ...{ uid: Number(uid), gid: Number(gid), size: Number(size) },
        },
      ]
    }),
  )
}

/** By the highest four bits of a mode (stat(2)). */
const types: Readonly<Record<number, EntryType>> = {
  ...{ 0o01: 'fifo', 0o02: 'char', 0o04: 'dir', 0o06: 'block' },
  ...{ 0o10: 'file', 0o12: 'link', 0o14: 'socket' },
}

const contentsOf = async (image: string, found: readonly Found[]): Promise<EntryContent[]> => {
  const asked = found.filter(({ type }) => type === 'link' || type === 'char' || type === 'block')
  const answers = await ask(
    image,
    asked.map((it) => `stat <${it.inode}>`),
  )
  const said = new Map(asked.map((it, index) => [it, answers[index]!]))
  return await Promise.all(
    found.map(async (it): Promise<EntryContent> => {
      const answer = said.get(it) ?? ''
      if (it.type === 'file') return { type: it.type, size: it.size }
      if (it.type === 'link') {
        const target = /^Fast link dest: "(.*)"$/m.exec(answer)?.[1]
        return { type: it.type, target: target ?? (await readFromExt2(image, it.inode)).toString() }
      }
      if (it.type !== 'char' && it.type !== 'block') return { type: it.type }
      const [, major, minor] = /^Device major\/minor number: (\d+):(\d+)/m.exec(answer) ?? []
      return { type: it.type, major: Number(major), minor: Number(minor) }
    }),
  )
}

/** The bytes of a regular file, or of a symbolic link whose target is too long for its inode. */
export const readFromExt2 = async (image: string, inode: number): Promise<Buffer> =>
  (await runToolApart('debugfs', ['-R', `cat <${inode}>`, image], { cwd: '/' })).stdout

/** Has debugfs answer commands, each of which it says before its answer. */
const ask = async (image: string, commands: readonly string[]): Promise<string[]> => {
  if (commands.length === 0) return []
  const input = `${commands.join('\n')}\n`
  const words = ['-f', '-', image]
  // Errors go to standard error, its exit status is 0 whatever happens.
  const { stdout } = await runToolApart('debugfs', words, { cwd: '/', input })
  const answers = stdout
    .toString()
    .split(/^debugfs: .*\n/m)
    .slice(1)
  if (answers.length === commands.length) return answers
  throw toolError('debugfs', `${commands.length} questions were answered ${answers.length} times`)
}
