import fs from 'node:fs'
import path from 'node:path'
import { BootstandError, exitStatusOf } from '../core/errors.ts'
import { errorOutput, output } from '../host/output.ts'
import { packageRoot } from '../host/paths.ts'
import { readRegularFile } from '../host/read-regular-file.ts'
import { temporaryFolder } from '../host/temporary-folder.ts'
import { fuzzArguments, type FuzzArguments } from './arguments.ts'
import { fuzzedFormats } from './formats.ts'
import { largestCase } from './mutate.ts'
import { superviseFuzzing, type FuzzFailure } from './supervise.ts'
import { caseOf } from './worker.ts'

/** Failing cases that are kept in files. Others are only counted: one mistake may fail in each second case. */
const mostKept = 100

const failuresFolder = path.join(packageRoot, '.cache/fuzz')

const print = (line: string) => output.write(`${line}\n`)

/** Writes a failing case to a file and prints how to repeat it. */
const keep = ({ format, index, error }: FuzzFailure, seed: number): void => {
  fs.mkdirSync(failuresFolder, { recursive: true })
  const file = path.join(failuresFolder, `${format}-${seed}-${index}`)
  fs.writeFileSync(file, caseOf(format, seed, index))
  print(
    `${format} ${index}: ${error}\n  npm run fuzz -- --repeat ${format} ${path.relative(packageRoot, file)}`,
  )
}

const repeat = async (
  { format, file }: Extract<FuzzArguments, { verb: 'repeat' }>,
  folder: string,
): Promise<void> => {
  readRegularFile(file, { what: 'a case of the fuzzer', limit: largestCase })
  let failed = 0
  const work = { formats: [format], seed: 0, first: 0, end: 1, until: Number.POSITIVE_INFINITY }
  await superviseFuzzing({ ...work, file, folder }, ({ error }) => {
    failed++
    print(error)
  })
  print(failed === 0 ? 'It is answered as it should be.' : 'It still fails.')
  process.exitCode = failed === 0 ? 0 : 1
}

const fuzz = async (
  { formats, seed, cases, seconds }: Extract<FuzzArguments, { verb: 'fuzz' }>,
  folder: string,
): Promise<void> => {
  const until = Date.now() + seconds * 1000
  print(`seed ${seed}`)
  const failures = new Map<string, number>()
  let failed = 0
  const work = { formats, seed, first: 0, end: cases, until, folder }
  const counts = await superviseFuzzing(work, (it) => {
    failed++
    failures.set(it.format, (failures.get(it.format) ?? 0) + 1)
    if (failed <= mostKept) keep(it, seed)
  })
  const total = counts.reduce((sum, it) => sum + it, 0)
  const each = formats.map((name, at) => {
    const count = failures.get(name)
    return `${name} ${counts[at]}${count === undefined ? '' : ` (${count} failed)`}`
  })
  print(`seed ${seed}: ${total} cases, ${failed} failures: ${each.join(', ')}`)
  process.exitCode = failed === 0 ? 0 : 1
}

/** `npm run fuzz [seconds]`, `npm run fuzz -- --cases 500 --seed 1 --format menu`, `npm run fuzz -- --repeat FORMAT FILE`. */
const main = async (): Promise<void> => {
  const names = fuzzedFormats.map((it) => it.name)
  const given = fuzzArguments(process.argv.slice(2), names)
  await using scratch = await temporaryFolder()
  await (given.verb === 'repeat' ? repeat(given, scratch.path) : fuzz(given, scratch.path))
}

try {
  await main()
} catch (error) {
  if (!(error instanceof BootstandError)) throw error
  errorOutput.write(`fuzz: ${error.message}\n`)
  process.exitCode = exitStatusOf(error)
}
