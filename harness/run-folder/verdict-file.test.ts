import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { BootstandError } from '../core/errors.ts'
import { mutationsOf } from '../test-tools/mutations.ts'
import { folder, useRuns } from '../test-tools/runs.ts'
import { sampleVerdict } from '../test-tools/sample-verdict.ts'
import { readVerdict, readVerdictIfIntact, verdictName, writeVerdict } from './verdict-file.ts'

useRuns()

const put = (content: string) => fs.writeFileSync(path.join(folder, verdictName), content)

/** The sentence that answers a verdict with such a text. */
const answer = (content: string): string => {
  put(content)
  return problem()
}

const problem = (): string => {
  try {
    readVerdict(folder)
  } catch (error) {
    expect(error).toBeInstanceOf(BootstandError)
    expect(error).toMatchObject({ culprit: 'usage', exitStatus: 2 })
    return (error as Error).message
  }
  return 'no problem'
}

const written = async (): Promise<object> => {
  await writeVerdict({ ...sampleVerdict, runFolder: folder })
  return JSON.parse(fs.readFileSync(path.join(folder, verdictName), 'utf8')) as object
}

test('a verdict is read as it was written, and its folder is where it is now', async () => {
  expect(readVerdict(folder)).toBeUndefined()
  await writeVerdict({ ...sampleVerdict, runFolder: folder })
  const moved = path.join(folder, 'moved')
  fs.mkdirSync(moved)
  fs.renameSync(path.join(folder, verdictName), path.join(moved, verdictName))
  expect(readVerdict(moved)).toEqual({ ...sampleVerdict, runFolder: moved })
})

test('each damaged field gives data or a sentence that names the file', async () => {
  const real = await written()
  let rejected = 0
  for (const { title, value } of mutationsOf(real)) {
    const found = answer(JSON.stringify(value))
    if (found === 'no problem') continue
    rejected++
    expect(found, title).toContain(verdictName)
    expect(found, title).not.toMatch(/[\0-\u001F]/)
    expect(found.length, title).toBeLessThan(700)
  }
  expect(rejected).toBeGreaterThan(500)
})

test('a sentence names the field, what was expected and what was found', async () => {
  const real = await written()
  const wrong = (fields: object) => answer(JSON.stringify({ ...real, ...fields }))
  expect(wrong({ phases: [null] })).toContain('"phases[0]": expected object, found null')
  expect(wrong({ images: 'all' })).toContain('"images": expected array, found "all"')
  expect(wrong({ consoles: { serial: ['../x'] } })).toMatch(/"consoles\.serial\[0\]".*"\.\.\/x"/)
  expect(wrong({ kernel: 1 })).toContain('found "kernel"')
  expect(answer('{ "outcome": ')).toContain('in JSON')
  expect(answer('null')).toContain('expected a verdict as a JSON object, found null')
})

test('a verdict of a later version is not misread', async () => {
  const real = await written()
  expect(answer(JSON.stringify({ ...real, schemaVersion: 1000 }))).toContain('newer Bootstand')
  expect(answer(JSON.stringify({ ...real, schemaVersion: '1' }))).toContain('schemaVersion 1')
})

test('a list of millions is rejected before its entries are', async () => {
  const real = await written()
  const phases = Array.from({ length: 3_000_000 }, () => null)
  expect(answer(JSON.stringify({ ...real, phases }))).toContain('expected 100000 at the most')
})

test('only a regular file of a sensible size is read', () => {
  const place = path.join(folder, verdictName)
  fs.mkdirSync(place)
  expect(problem()).toContain('a directory')
  expect(readVerdictIfIntact(folder)).toBeUndefined()
  fs.rmdirSync(place)
  execFileSync('mkfifo', [place])
  expect(problem()).toContain('a FIFO')
  for (const [target, found] of [
    ['/dev/zero', 'a device'],
    [verdictName, 'leads to itself'],
    ['nowhere', 'nothing'],
  ] as const) {
    fs.rmSync(place)
    fs.symlinkSync(target, place)
    expect(problem()).toContain(found)
  }
  fs.rmSync(place)
  fs.closeSync(fs.openSync(place, 'w'))
  fs.truncateSync(place, 2 ** 32)
  expect(problem()).toContain('16.0 MiB')
})
