import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { packageRoot } from '../../host/paths.ts'
import { processorTimeOf } from '../../test-tools/processor-time.ts'
import { readBoards } from './boards-file.ts'

const hostile = path.join(packageRoot, 'fixtures/hostile/boards')

const messageOf = async (file: string): Promise<string> => {
  const error: unknown = await readBoards(file).catch((it: unknown) => it)
  expect(error).toMatchObject({ exitStatus: 2, culprit: 'usage' })
  return (error as Error).message
}

const written = (text: string): string => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-boards-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'boards.yaml')
  fs.writeFileSync(file, text)
  return file
}

test.for(fs.readdirSync(hostile))(
  '%s is answered in a sentence with its line, in bounded time',
  async (name) => {
    let message = ''
    const time = await processorTimeOf(async () => {
      message = await messageOf(path.join(hostile, name))
    })
    expect(message).toMatch(
      new RegExp(`^[^\n]*fixtures/hostile/boards/${name}, line \\d+: .*\\.$`, 'm'),
    )
    expect(message).not.toMatch(/[^\P{Cc}\n]|    at /u)
    expect(message.length).toBeLessThan(2_000)
    expect(time).toBeLessThan(2_000)
  },
)

test.for([
  ['unresolved-alias', 3, '*missing'],
  ['alias-of-itself', 3, '*pc1'],
  ['nested-200', 1, 'levels'],
  ['nested-10000', 1, 'levels'],
  ['alias-bomb', 1, 'values'],
  ['list-as-key', 3, 'YAML'],
] as const)('%s names line %i', async ([name, line, word]) => {
  const message = await messageOf(path.join(hostile, name))
  expect(message).toContain(`, line ${line}: `)
  expect(message).toContain(word)
})

test('an unknown key is answered with the nearest key of its place', async () => {
  const message = await messageOf(path.join(hostile, 'key-of-another-place'))
  expect(message).toMatch(/, line 3: .*found "lins" \(did you mean "lines"\?\)\.$/m)
})

test('each problem has its own line', async () => {
  const board = 'power: { ask: true }\n    medium: { resident: true }'
  const file = written(
    `boards:\n  a:\n    lines:\n      - serial: x\n        parity: both\n    ${board}\n  b:\n    lines: []\n    ${board}\n`,
  )
  const message = await messageOf(file)
  expect(message).toContain('line 5: "boards.a.lines[0].parity": ')
  expect(message).toContain('line 9: "boards.b.lines": ')
})

test('many problems are not all reported', async () => {
  const message = await messageOf(
    written(`boards:\n${Array.from({ length: 50 }, (_, at) => `  b${at}: 1\n`).join('')}`),
  )
  expect(message.split('\n').length).toBeLessThan(12)
})

test('a file that is too large or not regular is rejected before it is parsed', async () => {
  expect(await messageOf(written('#'.repeat(70_000)))).toContain('the limit is')
  expect(await messageOf('/dev/zero')).toContain('a device')
  expect(await messageOf(os.tmpdir())).toContain('a directory')
})

test('boards share a description by an anchor', async () => {
  const many = Array.from({ length: 40 }, (_, at) => `  b${at}: *usual\n`).join('')
  const boards = await readBoards(
    written(
      `boards:\n  a: &usual\n    lines: [{ serial: /dev/ttyS0 }]\n    power: { ask: true }\n    medium: { resident: true }\n${many}`,
    ),
  )
  expect(boards).toHaveLength(41)
})
