import fs from 'node:fs/promises'
import { constants } from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { BootstandError } from '../core/errors.ts'
import { removeForgotten } from '../host/forgotten.ts'
import { cacheFolder, packageRoot, projectRoot } from '../host/paths.ts'
import { areKnown, remember, typesKey } from './known-types.ts'

const prefix = 'types.'

/** Milliseconds after which a folder is nobody's any more. */
const forgotten = 3_600_000

/**
 * Checks the types of scenario files, before anything boots for half a minute to find the same. What was found right
 * once is not checked again until it changes.
 *
 * @throws {BootstandError} with the compiler's own lines.
 */
export const checkTypes = async (files: readonly string[]): Promise<void> => {
  const key = await typesKey(projectRoot(), files)
  if (key !== undefined && (await areKnown(key))) return
  await fs.mkdir(cacheFolder, { recursive: true })
  // Whoever was killed has left his folder.
  await removeForgotten(cacheFolder, { prefix, after: forgotten })
  const folder = await fs.mkdtemp(path.join(cacheFolder, prefix))
  try {
    const project = path.join(folder, 'tsconfig.json')
    const settings = { extends: path.join(packageRoot, 'tsconfig.json'), include: [], files }
    await fs.writeFile(project, JSON.stringify(settings))
    const compiler = path.join(packageRoot, 'node_modules/.bin/tsc')
    const result = await execa(compiler, ['--pretty', 'false', '-p', project], {
      cwd: projectRoot(),
      reject: false,
      stdin: 'ignore',
    })
    if (!result.failed) {
      if (key !== undefined) await remember(key)
      return
    }
    // A Ctrl-C reaches the compiler, too.
    if (result.signal !== undefined) {
      throw new BootstandError(
        'BOOTSTAND_TYPES',
        'host',
        `The type check of the scenario files was ended by ${result.signal}; nothing was booted.`,
        { exitStatus: 128 + constants.signals[result.signal] },
      )
    }
    throw new BootstandError(
      'BOOTSTAND_TYPES',
      'usage',
      `The type check of the scenario files failed; nothing was booted.\n${result.stdout.trim()}`,
    )
  } finally {
    await fs.rm(folder, { recursive: true, force: true })
  }
}
