import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import { cacheFolder } from './paths.ts'

/** How slow this host is, as `bootstand doctor` has measured it. */
interface Measured {
  /** By which deadlines are multiplied: 1 on a fast host. */
  readonly slowness: number
  /** Which host it was. */
  readonly host: string
}

const file = path.join(cacheFolder, 'slowness.json')

/** A cache may have come here with its checkout. */
const thisHost = (): string => {
  const processors = os.cpus()
  return `${processors.length} x ${processors[0]?.model ?? 'unknown'}`
}

/**
 * By which deadlines are longer on this host: `BOOTSTAND_SLOWNESS`, else what doctor has measured, else 1.
 *
 * @throws {BootstandError} when the variable is no such number.
 */
export const hostSlowness = (): number => {
  const wanted = process.env['BOOTSTAND_SLOWNESS']
  if (wanted === undefined || wanted === '') return measuredSlowness() ?? 1
  const factor = Number(wanted)
  if (factor >= 1 && factor <= largest) return factor
  throw new BootstandError(
    'BOOTSTAND_SLOWNESS',
    'usage',
    `Expected BOOTSTAND_SLOWNESS to be a number from 1 to ${largest}, found "${wanted}".`,
  )
}

const largest = 100

const measuredSlowness = (): number | undefined => {
  try {
    const { slowness, host } = JSON.parse(fs.readFileSync(file, 'utf8')) as Measured
    return host === thisHost() && slowness >= 1 && slowness <= largest ? slowness : undefined
  } catch {
    return undefined
  }
}

/** Keeps what was measured for the boots to come. */
export const keepSlowness = (slowness: number): void => {
  fs.mkdirSync(cacheFolder, { recursive: true })
  const measured: Measured = { slowness, host: thisHost() }
  fs.writeFileSync(file, `${JSON.stringify(measured)}\n`)
}
