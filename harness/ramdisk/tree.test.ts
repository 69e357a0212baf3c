import { expect, test } from 'vitest'
import { findEntry, foldersAbove, inOrder, realPath, type RamdiskEntry } from './tree.ts'

const owner = { mode: 0o755, uid: 0, gid: 0 }
const link = (path: string, target: string): RamdiskEntry => ({
  ...{ path, ...owner, type: 'link', target },
})
const treeOf = (...entries: readonly RamdiskEntry[]) => new Map(entries.map((it) => [it.path, it]))

test.for([
  ['relative', 'usr/lib/a', 'b', 'usr/lib/b'],
  ['absolute', 'usr/lib/a', '/b', 'b'],
  ['relative upwards', 'usr/lib/a', '../b', 'usr/b'],
  ['above the root', 'usr/lib/a', '../../../../b', 'b'],
] as const)('a link that is %s is followed as Linux does', ([, path, target, leadsTo]) => {
  const tree = treeOf(link(path, target), { path: leadsTo, ...owner, type: 'dir' })
  expect(realPath(tree, `/${path}`)).toBe(leadsTo)
  expect(findEntry(tree, path)?.path).toBe(leadsTo)
})

test('a link in the middle of a path is followed, and the rest continues from there', () => {
  expect(realPath(treeOf(link('lib', '/usr/lib')), 'lib/./libc.so')).toBe('usr/lib/libc.so')
})

test('40 links are followed, as by Linux, and one more is a loop', () => {
  const chain = (links: number) =>
    treeOf(...Array.from({ length: links }, (_, at) => link(`l${at}`, `l${at + 1}`)))
  expect(realPath(chain(40), 'l0')).toBe('l40')
  expect(realPath(chain(41), 'l0')).toBeUndefined()
})

test('folders above a path begin with the root', () => {
  expect(foldersAbove('a/b/c')).toEqual(['', 'a', 'a/b'])
  expect(foldersAbove('')).toEqual([])
})

test('parents come before their children, and the order does not depend on the reading', () => {
  const paths = ['', 'a', 'a/b', 'a-b', 'b']
  const entries = paths.map((path): RamdiskEntry => ({ path, ...owner, type: 'dir' }))
  for (const list of [entries, entries.toReversed()])
    expect(inOrder(treeOf(...list)).map(({ path }) => path)).toEqual(paths)
})
