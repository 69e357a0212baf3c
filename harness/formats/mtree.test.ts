import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mtreeName, mtreeText, parseMtree } from './mtree.ts'

const read = (text: string) => {
  const manifest = parseMtree(text)
  if ('defect' in manifest) return manifest
  return manifest.records.map(({ line, path, keywords }) => [
    ...[line, path],
    [...keywords].map(([key, value]) => `${key}=${value}`).join(' '),
  ])
}

test('names lie in the directory that was entered last, paths in the root', () => {
  const manifest = `#mtree
/set type=file uid=0 mode=0644
. type=dir
    bin type=dir \\
        mode=0755
        sh type=link link=a\\040b
        ./etc/motd optional
    ..
    init mode=0755
/unset uid
/dev/null type=char
`
  expect(read(manifest)).toEqual([
    [3, '', 'type=dir uid=0 mode=0644'],
    [4, 'bin', 'type=dir uid=0 mode=0755'],
    [6, 'bin/sh', 'type=link uid=0 mode=0644 link=a\\040b'],
    [7, 'etc/motd', 'type=file uid=0 mode=0644 optional='],
    [9, 'init', 'type=file uid=0 mode=0755'],
    [11, 'dev/null', 'type=char mode=0644'],
  ])
})

test('a path that leaves the root is told with its line', () => {
  expect(read('a type=file\nb/../../c\n')).toEqual({
    line: 2,
    defect: 'expected a path without "..", found b/../../c',
  })
})

test('every name is read as it was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
      expect(mtreeName(name)).toMatch(/^[!-~]+$/)
      expect(mtreeText(mtreeName(name))).toBe(name)
    }),
  )
})
