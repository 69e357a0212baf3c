import fs from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { BootstandError } from '../core/errors.ts'
import { cacheFolder, packageRoot, projectRoot } from '../host/paths.ts'

/**
 * Checks the types of scenario files, before anything boots for half a minute to find the same.
 *
 * @throws {BootstandError} with the compiler's own lines.
 */
export const checkTypes = async (files: readonly string[]): Promise<void> => {
  await fs.mkdir(cacheFolder, { recursive: true })
  const folder = await fs.mkdtemp(path.join(cacheFolder, 'types.'))
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
    if (!result.failed) return
    throw new BootstandError(
      'BOOTSTAND_TYPES',
      'usage',
      `The type check of the scenario files failed; nothing was booted.\n${result.stdout.trim()}`,
    )
  } finally {
    await fs.rm(folder, { recursive: true, force: true })
  }
}
