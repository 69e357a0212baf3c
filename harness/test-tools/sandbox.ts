import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach } from 'vitest'
import { packageRoot } from '../host/paths.ts'
import { processesIn } from '../host/processes.ts'

/** A folder of the test's own. Runs are kept below it, and it goes with the test. */
export let folder: string

/** Gives each test of a file a folder, from which it uses the command as a user does. */
export const useSandbox = (): void => {
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-cli-'))
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))
}

/** Where a command is started. */
export interface Surroundings {
  readonly cwd?: string
  readonly env?: Record<string, string>
}

export const command = path.join(packageRoot, 'harness/cli/bootstand.mjs')
const surroundings = () => ({
  BOOTSTAND_RUNS: path.join(folder, 'runs'),
  NO_COLOR: '1',
  BOOTSTAND_SLOWNESS: '1',
})

/** Runs the command to its end. */
export const bootstand = async (words: readonly string[], { cwd, env }: Surroundings = {}) =>
  await execa(command, words, {
    cwd: cwd ?? packageRoot,
    env: { ...surroundings(), ...env },
    reject: false,
    stdin: 'ignore',
    all: true,
  })

/** Starts the command, with its standard input to write to. */
export const bootstandProcess = (
  words: readonly string[],
  cwd = packageRoot,
  { detached = false, env = {} }: { detached?: boolean } & Pick<Surroundings, 'env'> = {},
) =>
  execa(command, words, {
    cwd,
    env: { ...surroundings(), ...env },
    reject: false,
    stdin: 'pipe',
    detached,
  })

/** Waits until a process has written some text to its standard output, or error. */
export const output = async (
  running: ReturnType<typeof bootstandProcess>,
  text: string,
  stream: 'stdout' | 'stderr' = 'stdout',
) => {
  let seen = ''
  await new Promise<void>((resolve, reject) => {
    running[stream].on('data', (bytes: Buffer) => {
      seen += bytes.toString('latin1')
      if (seen.includes(text)) resolve()
    })
    running[stream].once('end', () => reject(new Error(`ended without ${text}: ${seen}`)))
  })
}

/** Names of the run folders. */
export const runFolders = (): string[] =>
  fs.existsSync(path.join(folder, 'runs')) ? fs.readdirSync(path.join(folder, 'runs')) : []

/** Processes that work in the run folders: QEMU and nothing else. */
export const emulators = (): number[] => processesIn(path.join(folder, 'runs'))

/** A project of the user's, with one scenario, outside of the checkout. */
export const writeProject = (text: string, testText = '') => {
  fs.mkdirSync(path.join(folder, 'scenarios'))
  // As in an installed project: the package is found by its name.
  fs.mkdirSync(path.join(folder, 'node_modules'))
  fs.symlinkSync(packageRoot, path.join(folder, 'node_modules/bootstand'))
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }')
  fs.writeFileSync(path.join(folder, 'scenarios/mine.ts'), text)
  fs.writeFileSync(path.join(folder, 'scenarios/mine.test.ts'), testText)
}

/** A scenario of one root task. */
export const scenarioOf = (rootTask: string): string =>
  `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTask: '${rootTask}' })\n`

/** A test of the scenario `mine`, with one statement after the boot. */
export const testOf = (
  statement: string,
): string => `import { expect, test } from 'bootstand/testing'
import mine from './mine.ts'
test('prints', async ({ boot }) => {
  const target = await boot(mine)
  ${statement}
})
`

/**
 * A test of pingpong that measures messages of 64 sizes by each benchmark.
 *
 * @param keys Of the benchmarks, as its menu has them.
 */
export const testOfMessages = (...keys: readonly string[]): string =>
  testOf(
    keys
      .map(
        (key) => `await expect(target.herc).toPrint('s: print SQLite table')
  await target.herc.type('${key}')
  await expect(target.herc).toPrint('ESC - Enter KDB')`,
      )
      .join(`\n  await target.herc.type('q')\n  `),
  )

/** Code of the stand-in kernel, to which an instruction is added: of each message, and of those within an address space. */
const paths = {
  all: {
    file: 'kernel/ipc.c',
    place: /^static void transfer\(.*\n?\{\n/m,
    more: '    asm("nop");\n',
  },
  intra: {
    file: 'kernel/thread.c',
    place: /^void switch_to\([^]*?loaded_space\) \{[^]*?\n    \}/m,
    more: ' else asm("nop");',
  },
} as const

/** The stand-ins, with an instruction more in what some transfers of messages run through. */
export const slowerStandIns = async (which: keyof typeof paths): Promise<string> => {
  const source = path.join(folder, 'stand-in')
  fs.cpSync(path.join(packageRoot, 'fixtures/stand-in'), source, {
    recursive: true,
    preserveTimestamps: true,
  })
  const { file, place, more } = paths[which]
  const changed = path.join(source, file)
  const text = fs.readFileSync(changed, 'utf8')
  if (!place.test(text)) throw new Error(`${file} has no place of that form`)
  fs.writeFileSync(changed, text.replace(place, `$&${more}`))
  await execa('make', ['-s', '-C', source])
  return path.join(source, 'build')
}
