import { expect, test } from 'vitest'
import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import type { Verdict } from '../boot/verdict.ts'
import {
  changedFunctions,
  changedImages,
  incomparable,
  incomparableBefore,
  keptOf,
  namedBoots,
  pairedBoots,
  parseKept,
} from './kept-run.ts'

const image = (role: string, name: string, sha256: string, words: string) => ({
  ...{ role, name, sha256, path: `/there/${name}`, size: 1, arguments: words },
})

/** Of a boot by QEMU's own loader. */
const verdict = (kernel: string, words: string, more: Partial<Verdict> = {}) =>
  ({
    ...{ test: 'boots', method: 'direct', profile: 'deterministic', measurements: [] },
    ...{ machine: { memory: 64 }, consoles: { serial: ['herc'] } },
    images: [
      image('kernel', kernel, '1a', words),
      image('module', 'a', '2b', 'b'),
      image('module', 'c', '3c', ''),
    ],
    ...more,
  }) as object as Verdict

const kept = (...runs: readonly Verdict[]) => ({
  qemu: '7.2.22',
  boots: namedBoots(runs).map(keptOf),
})

test('what is known before a boot refuses it, but not where a test has its own method', () => {
  const own = verdict('x', '', { ownMethod: true })
  const saved = kept(own, verdict('x', ''))
  const now = { qemu: '7.2.22', method: 'direct' } as const
  expect(incomparableBefore(saved, now)).toBeUndefined()
  expect(incomparableBefore(saved, { ...now, method: 'iso' })).toBe(
    'it holds for --method direct, and this is iso',
  )
  expect(incomparableBefore(kept(own), { ...now, method: 'iso' })).toBeUndefined()
  expect(incomparableBefore(saved, { ...now, qemu: '8.0.0' })).toBe(
    'it holds for QEMU 7.2.22, and this is 8.0.0',
  )
  // Where none is installed, the boot says so.
  expect(incomparableBefore(saved, { ...now, qemu: undefined })).toBeUndefined()
})

test('files count by their bytes, not by their names; arguments and options count', () => {
  const before = kept(verdict('kernel', 'quiet'), verdict('kernel', 'quiet'))
  expect(before.boots[0]).toMatchObject({
    options: expect.stringMatching(/^qemu-system-i386 .* -m 64 .* -icount .*chardev:herc$/),
    images: { module: { arguments: 'b' }, 'module (2)': { sha256: '3c' } },
  })
  const renamed = kept(verdict('kernel', 'quiet'), verdict('kernel.new', 'quiet'))
  expect(incomparable(before, renamed)).toBeUndefined()
  expect(changedImages(before, renamed)).toEqual([])
  // In the second boot only.
  expect(incomparable(before, kept(verdict('kernel', 'quiet'), verdict('kernel', 'loud')))).toBe(
    'it holds for other arguments of the kernel (then: quiet; now: loud)',
  )
  const larger = verdict('kernel', 'quiet', { machine: { memory: 128 } })
  expect(incomparable(before, kept(larger))).toBe(
    'it holds for other options of QEMU (then: -m 64; now: -m 128)',
  )
  expect(incomparable(before, kept(verdict('kernel', 'quiet', { logged: 'code' })))).toBeUndefined()
  const [kernel, ...modules] = verdict('kernel', 'quiet').images
  const other = verdict('kernel', 'quiet', { images: [{ ...kernel!, sha256: '4d' }, ...modules] })
  expect(incomparable(before, kept(other))).toBeUndefined()
  expect(changedImages(before, kept(other))).toEqual(['kernel'])
})

test('boots are paired by their places in a test, functions by the parts of the boot', () => {
  const counted = (kernel: string, ...counts: readonly number[]) => ({
    boots: kept(...counts.map(() => verdict(kernel, ''))).boots.map((it, index) => ({
      ...it,
      functions: [{ image: kernel, function: 'ipc', instructions: counts[index]!, calls: 1 }],
    })),
  })
  const pairs = pairedBoots(counted('kernel', 7, 8, 9), counted('kernel.new', 7, 10))
  expect(pairs.map(([then, now]) => [now.test, changedFunctions(then, now)])).toEqual([
    ['boots', []],
    ['boots (2)', [{ image: 'kernel.new', function: 'ipc', before: 8, after: 10, calls: 1 }]],
  ])
})

test.for([
  ['{', 'it is no JSON'],
  ['7', 'expected object, found 7'],
  ['{ "name": "a", "more": 1 }', 'expected only known keys (name, cost, method), found "more"'],
  ['{ "name": "a", "cost": { "lines": 7 } }', '"cost": expected only known keys, found "lines"'],
  ['{ "name": "a", "method": "ftp" }', '"method": expected "iso", "disk", found "ftp"'],
] as const)('%s is no file that was kept, and a clause says why', ([text, clause]) => {
  const cost = exactObject({}).optional()
  const method = z.enum(['iso', 'disk']).optional()
  expect(parseKept(exactObject({ name: z.string(), cost, method }), text)).toBe(clause)
})
