import { expect, test } from 'vitest'
import type { Verdict } from '../boot/verdict.ts'
import {
  changedImages,
  incomparable,
  incomparableBefore,
  keptOf,
  underNewNames,
} from './kept-run.ts'

/** Of a boot by QEMU's own loader. */
const verdict = (kernel: string, words: string, more: Partial<Verdict> = {}) => ({
  method: 'direct',
  command: [
    'qemu-system-i386',
    '-m',
    '64',
    '-kernel',
    kernel,
    '-append',
    words,
    '-initrd',
    'a b,c',
  ],
  images: [
    {
      role: 'kernel',
      name: kernel,
      path: `/there/${kernel}`,
      size: 1,
      sha256: '1a',
      arguments: words,
    },
    { role: 'module', name: 'a', path: '/there/a', size: 1, sha256: '2b', arguments: 'b' },
    { role: 'module', name: 'c', path: '/there/c', size: 1, sha256: '3c', arguments: '' },
  ],
  ...more,
})
const kept = (...runs: readonly object[]) => ({
  qemu: '7.2.22',
  boots: runs.map((it, index) => keptOf(`test ${index}`, it as Verdict)),
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
    options: 'qemu-system-i386 -m 64',
    images: { module: { arguments: 'b' }, 'module (2)': { sha256: '3c' } },
  })
  const renamed = kept(verdict('kernel', 'quiet'), verdict('kernel.new', 'quiet'))
  expect(incomparable(before, renamed)).toBeUndefined()
  expect(changedImages(before, renamed)).toEqual([])
  const ran = (image: string) => ({ image, function: 'ipc', instructions: 7, calls: 1 })
  expect(underNewNames([ran('kernel'), ran('a')], [before.boots[1]!, renamed.boots[1]!])).toEqual([
    ran('kernel.new'),
    ran('a'),
  ])
  expect(incomparable(before, kept(verdict('kernel', 'quiet'), verdict('kernel', 'loud')))).toBe(
    'it holds for other arguments of the kernel (then: quiet; now: loud)',
  )
  const larger = verdict('kernel', 'quiet', { command: ['qemu-system-i386', '-m', '128'] })
  expect(incomparable(before, kept(larger))).toBe(
    'it holds for other options of QEMU (then: 64; now: 128)',
  )
  const [kernel, ...modules] = verdict('kernel', 'quiet').images
  const other = verdict('kernel', 'quiet', { images: [{ ...kernel!, sha256: '4d' }, ...modules] })
  expect(incomparable(before, kept(other))).toBeUndefined()
  expect(changedImages(before, kept(other))).toEqual(['kernel'])
})
