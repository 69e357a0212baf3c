import { output } from '../host/output.ts'
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { packageRoot } from '../host/paths.ts'
import { temporaryFolder } from '../host/temporary-folder.ts'
import { fuzzedFormats } from './formats.ts'
import { superviseFuzzing, type FuzzFailure } from './supervise.ts'
import { caseOf } from './worker.ts'

/** `npm run fuzz [seconds]`, `npm run fuzz -- --cases 500 --seed 1 --format menu`, `npm run fuzz -- --repeat FORMAT FILE`. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: 'string' },
    seed: { type: 'string' },
    format: { type: 'string' },
    repeat: { type: 'boolean' },
  },
})

const failuresFolder = path.join(packageRoot, '.cache/fuzz')
await using scratch = await temporaryFolder()
const folder = scratch.path

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

const repeat = async ([format = '', file = '']: readonly string[]): Promise<void> => {
  let failed = 0
  const work = { formats: [format], seed: 0, first: 0, end: 1, until: Number.POSITIVE_INFINITY }
  await superviseFuzzing({ ...work, file, folder }, ({ error }) => {
    failed++
    print(error)
  })
  print(failed === 0 ? 'It is answered as it should be.' : 'It still fails.')
  process.exitCode = failed === 0 ? 0 : 1
}

const fuzz = async (): Promise<void> => {
  const seed = Number(values.seed ?? Date.now() % 1e9)
  const formats = fuzzedFormats
    .map((it) => it.name)
    .filter((it) => values.format === undefined || it === values.format)
  const end = Number(values.cases ?? Number.POSITIVE_INFINITY)
  const usual = values.cases === undefined ? 30 : Number.POSITIVE_INFINITY
  const until = Date.now() + Number(positionals[0] ?? usual) * 1000
  print(`seed ${seed}`)
  let failed = 0
  const counts = await superviseFuzzing({ formats, seed, first: 0, end, until, folder }, (it) => {
    failed++
    keep(it, seed)
  })
  const total = counts.reduce((sum, it) => sum + it, 0)
  const each = formats.map((name, at) => `${name} ${counts[at]}`).join(', ')
  print(`seed ${seed}: ${total} cases, ${failed} failures (${each})`)
  process.exitCode = failed === 0 ? 0 : 1
}

await (values.repeat === true ? repeat(positionals) : fuzz())
