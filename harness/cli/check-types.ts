import fs from 'node:fs/promises'
import { constants } from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { BootstandError } from '../core/errors.ts'
import { removeForgotten } from '../host/forgotten.ts'
import { cacheFolder, packageRoot, projectRoot } from '../host/paths.ts'
import { hostSlowness } from '../host/slowness.ts'
import { areKnown, remember, typesKey } from './known-types.ts'

const prefix = 'types.'

/** Milliseconds after which a killed check's folder is removed. */
const forgotten = 3_600_000

/** Milliseconds that the compiler may take. */
const compileTimeout = 300_000

/**
 * Checks the types of scenario files, before anything boots for half a minute to find the same. What was found right
 * once is not checked again until it changes.
 *
 * @throws {BootstandError} with the compiler's own lines.
 */
export const checkTypes = async (files: readonly string[]): Promise<void> => {
  const lines = await compile(files)
  if (lines !== undefined) throw typeError(lines)
}

/**
 * Checks the types of several scenarios at once.
 *
 * @param groups The files of each scenario.
 * @returns an error for each group that has type errors, by its index.
 */
export const typeErrors = async (
  groups: readonly (readonly string[])[],
): Promise<ReadonlyMap<number, BootstandError>> => {
  const errors = new Map<number, BootstandError>()
  const all = groups.flat()
  const lines = all.length === 0 ? undefined : await compile(all)
  if (lines === undefined) return errors
  const messages = messagesOf(lines)
  for (const [index, group] of groups.entries()) {
    const own = messages.filter(({ file }) => file !== undefined && group.includes(file))
    if (own.length > 0) errors.set(index, typeError(own.map(({ text }) => text).join('\n')))
  }
  if (messages.every(({ file }) => file !== undefined && all.includes(file))) return errors
  // An error in a file that several import: only a check of each shows which do.
  for (const [index, group] of groups.entries()) {
    if (errors.has(index) || group.length === 0) continue
    const own = await compile(group)
    if (own !== undefined) errors.set(index, typeError(own))
  }
  return errors
}

/** The compiler's messages, each with the absolute path of its file; those about no file have none. */
const messagesOf = (
  lines: string,
): { readonly file: string | undefined; readonly text: string }[] =>
  lines.split(/\n(?! )/).map((text) => {
    const name = /^(.+?)\(\d+,\d+\): /.exec(text)?.[1]
    return { file: name === undefined ? undefined : path.resolve(projectRoot(), name), text }
  })

/** Compiles files; returns the compiler's lines where it finds errors. */
const compile = async (files: readonly string[]): Promise<string | undefined> => {
  const key = await typesKey(projectRoot(), files)
  if (key !== undefined && (await areKnown(key))) return undefined
  await fs.mkdir(cacheFolder, { recursive: true })
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
      timeout: compileTimeout * hostSlowness(),
    })
    if (!result.failed) {
      if (key !== undefined) await remember(key)
      return undefined
    }
    const lines = result.stdout?.trim() ?? ''
    if (result.exitCode !== undefined && /\berror TS\d+: /.test(lines)) return lines
    throw compilerEnded(result.signal, result.originalMessage ?? result.stderr)
  } finally {
    await fs.rm(folder, { recursive: true, force: true })
  }
}

const typeError = (lines: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_TYPES',
    'usage',
    `The type check of the scenario files failed; nothing was booted.\n${lines}`,
  )

/** The compiler ended without an answer. A Ctrl-C reaches it, too. */
const compilerEnded = (
  signal: NodeJS.Signals | undefined,
  reason: string | undefined,
): BootstandError => {
  const isWish = signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP'
  const how = signal === undefined ? (reason?.trim().split('\n')[0] ?? 'no reason given') : signal
  return new BootstandError(
    'BOOTSTAND_TYPES',
    'host',
    `The type check of the scenario files was ended by ${how}; nothing was booted.`,
    isWish ? { exitStatus: 128 + constants.signals[signal] } : {},
  )
}
