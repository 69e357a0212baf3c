import { output } from '../host/output.ts'
import fs from 'node:fs'
import path from 'node:path'
import { printJson } from './print.ts'
import { imageCoverage, joinedCoverage, type ImageCoverage } from '../diagnosis/coverage.ts'
import { demangled } from '../host/demangle.ts'
import { fileToWrite } from '../host/output-file.ts'
import { writeError } from '../host/place-file.ts'
import { lcovText } from '../report/lcov.ts'
import { watchFiles } from '../target/qemu/command-line.ts'
import type { CoverageFlags } from './flags.ts'
import { runInput } from '../evidence/run-input.ts'
import { filesFor } from './run.ts'
import { watchedRun } from './watched-run.ts'

/** A function of an image, for programs. */
interface ShownFunction {
  /** As people write it. */
  readonly name: string
  /** Virtual, in hexadecimal digits. */
  readonly address: string
  /** Bytes. */
  readonly size: number
  /** Bytes of instructions that were reached. */
  readonly reached: number
}

/** What `bootstand coverage --json` prints of an image. */
interface ShownImage {
  readonly image: string
  readonly path: string
  readonly functions: readonly ShownFunction[]
}

/** `bootstand coverage`: which functions of what a scenario boots its tests come to. */
export const coverage = async (name: string, flags: CoverageFlags): Promise<void> => {
  const lcov = flags.lcov === undefined ? undefined : await fileToWrite(flags.lcov, '--lcov FILE')
  const files = await filesFor([name])
  const runs = await watchedRun(files, flags, { coverage: true })
  if (runs === undefined) return
  const boots: ImageCoverage[][] = []
  for (const { runFolder } of runs) {
    const { booted } = await runInput(runFolder)
    const log = fs.readFileSync(path.join(runFolder, watchFiles.log), 'latin1')
    boots.push(imageCoverage(booted, log))
  }
  const joined = joinedCoverage(boots)
  if (lcov !== undefined) await write(lcov, await lcovText(joined))
  const images = await Promise.all(joined.map(shownImage))
  if (flags.json === true) return printJson({ runs: runs.map((it) => it.runFolder), images })
  output.write(tableText(images))
  if (flags.missing === true) output.write(images.map(missingText).join(''))
}

const write = async (file: string, text: string): Promise<void> => {
  await fs.promises.writeFile(file, text).catch((error: unknown) => {
    throw writeError(file, error, 'Name another place with --lcov FILE.')
  })
}

const shownImage = async ({ image, path: file, functions }: ImageCoverage): Promise<ShownImage> => {
  const names = await demangled(functions.map((it) => it.name))
  return {
    image,
    path: file,
    functions: functions.map(({ address, size, reached }, index) => ({
      name: names[index]!,
      address: `0x${address.toString(16)}`,
      ...{ size, reached },
    })),
  }
}

const tableText = (images: readonly ShownImage[]): string => {
  const width = Math.max(5, ...images.map((it) => it.image.length))
  const rows = images.map(({ image, functions }) => {
    if (functions.length === 0)
      return `${image.padEnd(width)}  has no names of functions: is it stripped?`
    const sum = (of: (it: ShownFunction) => number) =>
      functions.reduce((total, it) => total + of(it), 0)
    const reached = share(
      sum((it) => Math.sign(it.reached)),
      functions.length,
    )
    return `${image.padEnd(width)}${reached}${share(
      sum((it) => it.reached),
      sum((it) => it.size),
    )}`
  })
  const heading = `${'image'.padEnd(width)}${'functions'.padStart(25)}${'bytes'.padStart(25)}`
  return `${[heading, ...rows].join('\n')}\n`
}

const share = (part: number, whole: number): string =>
  `${part} of ${whole} (${Math.floor((100 * part) / whole)} %)`.padStart(25)

const missingText = ({ image, functions }: ShownImage): string => {
  const missing = functions.filter((it) => it.reached === 0)
  if (missing.length === 0) return ''
  const rows = missing.map((it) => `  ${it.address}  ${`${it.size}`.padStart(6)}  ${it.name}\n`)
  return `\nNot reached in ${image} (address, bytes, name):\n${rows.join('')}`
}
