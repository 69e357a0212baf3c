import path from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { packageRoot } from '../host/paths.ts'
import { fuzzArguments } from './arguments.ts'
import { mutated } from './mutate.ts'
import { randomOf } from './random.ts'

/** By cases, not by time, so that every host runs the same ones. They take about 30 s of processor time. */
const cases = 3_500

const fuzz = async (words: readonly string[]) =>
  await execa('tsx', [path.join(packageRoot, 'harness/fuzz/main.ts'), ...words], {
    preferLocal: true,
    reject: false,
  })

test('damaged samples of every format are answered', async () => {
  const { stdout, exitCode } = await fuzz(['--cases', `${cases}`, '--seed', '1'])
  expect(stdout).toMatch(/^seed 1: \d+ cases, 0 failures: menu \d+/m)
  expect(exitCode).toBe(0)
  // On a busy host it takes ten times as long.
}, 900_000)

test('wrong arguments end with status 2 and a sentence', async () => {
  const { stderr, exitCode } = await fuzz(['--format', 'mneu'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('Did you mean "menu"?')
  expect(stderr.split('\n')).toHaveLength(1)
})

test.for([
  [['soon']],
  [['-1']],
  [['0']],
  [['1', '2']],
  [['--cases', '1e3']],
  [['--seed', 'x']],
  [['--repeat', 'menu']],
  [['--repeat', 'mneu', 'file']],
  [['--forever']],
  [['--cases']],
] as const)('%j is rejected', ([words]) => {
  expect(() => fuzzArguments(words, ['menu'])).toThrow(expect.objectContaining({ exitStatus: 2 }))
})

test('a seed makes the same damage again', () => {
  const samples = [Buffer.from('title a\nkernel /x 12\n'), Buffer.from('title b\n')]
  const made = (seed: number) => {
    const random = randomOf(seed)
    return Array.from({ length: 50 }, () => mutated(samples, random).toString('latin1'))
  }
  expect(made(7)).toEqual(made(7))
  expect(new Set([...made(7), ...made(8)]).size).toBeGreaterThan(60)
})
