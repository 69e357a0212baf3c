import path from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { packageRoot } from '../host/paths.ts'
import { mutated } from './mutate.ts'
import { randomOf } from './random.ts'

/** By cases, not by time: the same ones run on every host. */
const cases = 400

test('damaged samples of every format are answered', async () => {
  const words = [
    path.join(packageRoot, 'harness/fuzz/main.ts'),
    '--cases',
    `${cases}`,
    '--seed',
    '1',
  ]
  const { stdout } = await execa('tsx', words, { preferLocal: true, reject: false })
  expect(stdout).toMatch(/^seed 1: \d+ cases, 0 failures \(menu \d+/m)
  // On a busy host it takes ten times as long.
}, 900_000)

test('a seed makes the same damage again', () => {
  const samples = [Buffer.from('title a\nkernel /x 12\n'), Buffer.from('title b\n')]
  const made = (seed: number) => {
    const random = randomOf(seed)
    return Array.from({ length: 50 }, () => mutated(samples, random).toString('latin1'))
  }
  expect(made(7)).toEqual(made(7))
  expect(new Set([...made(7), ...made(8)]).size).toBeGreaterThan(60)
})
