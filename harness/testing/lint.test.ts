import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { packageRoot } from '../host/paths.ts'

const shared = ['node_modules', 'package.json', 'tsconfig.json', 'harness']

/** What the project's lint rules say of a file, in a project that has what this one has beside it. */
const lint = async (file: string, text: string): Promise<string> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-lint-'))
  try {
    const place = path.join(folder, file)
    fs.mkdirSync(path.dirname(place), { recursive: true })
    fs.writeFileSync(place, text)
    for (const name of shared.filter((it) => !fs.existsSync(path.join(folder, it)))) {
      fs.symlinkSync(path.join(packageRoot, name), path.join(folder, name))
    }
    // The rules of a folder hold below the configuration file.
    const config = 'oxlint.config.mjs'
    fs.copyFileSync(path.join(packageRoot, config), path.join(folder, config))
    const oxlint = path.join(packageRoot, 'node_modules/.bin/oxlint')
    const words = ['-c', config, '--type-aware', '--format', 'unix', file]
    return (await execa(oxlint, words, { cwd: folder, reject: false })).stdout
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

const scenario = (statement: string) => `import { pistachio } from 'bootstand'
import { expect, test } from 'bootstand/testing'

test('prints', async ({ boot }) => {
  const target = await boot(pistachio({ rootTask: 'pingpong' }))
  ${statement}
})
`

test('a toPrint that nobody awaits is caught', async () => {
  const file = 'scenarios/x.test.ts'
  const forgotten = scenario(`expect(target.herc).toPrint('menu')`)
  expect(await lint(file, forgotten)).toContain(`${file}:6:3: Promises must be awaited`)
  expect(await lint(file, scenario(`await expect(target.herc).toPrint('menu')`))).toBe('')
})

test('an import against the direction of the flow is caught', async () => {
  const against = `import { run } from '../cli/run.ts'\nexport const x = run\n`
  expect(await lint('harness/core/x.ts', against)).toContain(
    `harness/core/x.ts:1:1: '../cli/run.ts' import is restricted`,
  )
  const along = `import { deadlines } from '../core/deadline.ts'\nexport const x = deadlines\n`
  expect(await lint('harness/cli/x.ts', along)).toBe('')
})
