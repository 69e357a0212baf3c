import path from 'node:path'
import { execa } from 'execa'
import { BootstandError } from '../core/errors.ts'
import { packageRoot } from './paths.ts'
import { toolPath } from './tools.ts'

const source = path.join(packageRoot, 'fixtures/stand-in')

/** The built stand-in guests, under the names that a menu uses. */
export const standInFolder = path.join(source, 'build')

/**
 * Builds the stand-in guests as far as they are out of date; one build at a time.
 *
 * @param say Told when there is something to build.
 */
export const buildStandIns = async (say: (line: string) => void): Promise<void> => {
  const [flock, make] = await Promise.all([
    toolPath('flock'),
    toolPath('make'),
    toolPath('gcc'),
    toolPath('ld'),
    toolPath('mke2fs'),
    toolPath('debugfs'),
  ])
  const makeWords = [path.join(source, 'Makefile'), make, '-s', '-j', '-C', source]
  const options = { all: true, reject: false, stdin: 'ignore' } as const
  const question = await execa(flock, [...makeWords, '--question'], options)
  if (!question.failed) return
  say('Building the stand-in guests …')
  const result = await execa(flock, makeWords, options)
  if (!result.failed) return
  throw new BootstandError(
    'BOOTSTAND_STAND_INS',
    'host',
    `The stand-in guests could not be built in ${source}:\n${result.all || result.shortMessage}`,
  )
}
