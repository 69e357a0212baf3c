import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { glob } from 'tinyglobby'
import { isMatrix, type Matrix } from '../boot/matrix.ts'
import { isScenario, type Scenario } from '../boot/scenario.ts'
import { BootstandError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { projectRoot, shortPath } from '../host/paths.ts'
import { hostSlowness } from '../host/slowness.ts'
import { checkTypes, typeErrors } from './check-types.ts'
import { hostProblem } from './host-problem.mjs'

const matrixEnding = '.matrix.ts'

/** A file below `scenarios/` that says what to boot. */
export interface ScenarioFile {
  /** The file's name without its ending. */
  readonly name: string
  readonly file: string
  /** What must be seen: the test file beside it. */
  readonly testFile: string
}

/**
 * A scenario with its name: the file's for its default export, `file/export` for any other.
 */
export interface NamedScenario {
  readonly name: string
  readonly file: ScenarioFile
  readonly scenario: Scenario
}

/** All scenario files of the project, by name. */
export const findScenarioFiles = async (): Promise<ScenarioFile[]> => {
  const folder = path.join(projectRoot(), 'scenarios')
  const found = await glob('**/*.ts', {
    cwd: folder,
    ignore: ['**/*.test.ts', `**/*${matrixEnding}`],
    absolute: true,
  })
  return found.toSorted().map((file) => ({
    name: path.basename(file, '.ts'),
    file,
    testFile: file.replace(/\.ts$/, '.test.ts'),
  }))
}

/** The scenario file of a name, of a path, or of a name with its folders. */
export const findScenarioFile = async (name: string): Promise<ScenarioFile> => {
  const files = await findScenarioFiles()
  const found = namedFile(files, name)
  if (found !== undefined) return found
  const [stem] = name.split('/')
  const owner = files.find((it) => it.name === stem)
  if (owner !== undefined) {
    throw scenarioError(
      `"${name}" names no scenario file. ${owner.name} is one: its tests run together.`,
    )
  }
  throw noneCalled(name, files)
}

/** @throws {BootstandError} when two files have the name. */
const namedFile = <File extends { readonly name: string; readonly file: string }>(
  files: readonly File[],
  given: string,
  isFile: (file: File, given: string) => boolean = isPath,
): File | undefined => {
  const byPath = files.find((it) => isFile(it, given))
  if (byPath !== undefined) return byPath
  const [found, other] = files.filter((it) => it.name === given)
  if (found !== undefined && other !== undefined) throw sameName(found, other)
  return found
}

const sameName = (
  { name, file }: { readonly name: string; readonly file: string },
  other: { readonly file: string },
): BootstandError =>
  scenarioError(
    `Two files are called ${name}: ${shortPath(file)} and ${shortPath(other.file)}. Rename one.`,
  )

/** Whether a word of the command line is a file's path, or its path below `scenarios/`. */
const isPath = (
  { file, testFile }: { readonly file: string; readonly testFile?: string },
  given: string,
): boolean =>
  [file, testFile].includes(path.resolve(given)) ||
  (given.includes('/') && file.endsWith(`/scenarios/${given}.ts`))

/** The one scenario of a name: a file's only one, or `file/export`. */
export const findScenario = async (name: string): Promise<NamedScenario> => {
  const files = await findScenarioFiles()
  const named = namedFile(files, name)
  const file = named ?? namedFile(files, name.slice(0, Math.max(0, name.lastIndexOf('/'))))
  if (file === undefined) throw await noScenario(name, files)
  const scenarios = await loadScenarios([file])
  const found =
    scenarios.find((it) => it.name === name) ??
    (scenarios.length === 1 && named !== undefined ? scenarios[0] : undefined)
  if (found !== undefined) return found
  const names = scenarios.map((it) => it.name)
  throw scenarioError(
    `${shortPath(file.file)} has no scenario "${name}".${didYouMean(name, names)} It has: ${names.join(', ')}.`,
  )
}

/** Names every scenario: a file may have several. */
const noScenario = async (
  name: string,
  files: readonly ScenarioFile[],
): Promise<BootstandError> => {
  const { scenarios, broken } = await loadEach(files)
  return noneCalled(name, [...scenarios, ...broken])
}

const noneCalled = (name: string, known: readonly { readonly name: string }[]): BootstandError => {
  const names = known.map((it) => it.name)
  const there =
    names.length === 0 ? 'There are none below scenarios/.' : `There are: ${names.join(', ')}.`
  return scenarioError(`No scenario is called "${name}".${didYouMean(name, names)} ${there}`)
}

/** A matrix below `scenarios/`, with its name: its file's, without `.matrix.ts`. */
export interface NamedMatrix {
  readonly name: string
  readonly file: string
  readonly matrix: Matrix
}

const findMatrixFiles = async (): Promise<string[]> => {
  const folder = path.join(projectRoot(), 'scenarios')
  return (await glob(`**/*${matrixEnding}`, { cwd: folder, absolute: true })).toSorted()
}

/** A file below `scenarios/` that cannot be used. */
export interface BrokenFile {
  readonly name: string
  readonly file: string
  readonly error: BootstandError
}

/** Returns what is wrong with a file in one line. */
export const brokenLine = ({ file, error }: BrokenFile): string => {
  const [first, second] = error.message.split('\n')
  return `${shortPath(file)} cannot be used: ${error.code === 'BOOTSTAND_TYPES' && second !== undefined ? second : first}`
}

/** All that the project has; its types are checked at once. */
export const loadCatalogue = async (): Promise<{
  readonly scenarios: readonly NamedScenario[]
  readonly matrices: readonly NamedMatrix[]
  readonly broken: readonly BrokenFile[]
}> => {
  const { scenarios, broken } = await loadEach(await findScenarioFiles())
  const files = (await findMatrixFiles()).map((file) => ({
    name: path.basename(file, matrixEnding),
    file,
  }))
  const matrices = await loadFiles(files, ({ file }) => [file], loadMatrix)
  return { scenarios, matrices: matrices.loaded, broken: [...broken, ...matrices.broken] }
}

/** Loads scenario files; those that cannot be loaded do not keep the others from it. */
export const loadEach = async (
  files: readonly ScenarioFile[],
): Promise<{
  readonly scenarios: readonly NamedScenario[]
  readonly broken: readonly BrokenFile[]
}> => {
  const { loaded, broken } = await loadFiles(files, checkedFiles, loadFile)
  return { scenarios: loaded.flat(), broken }
}

const loadFiles = async <File extends { readonly name: string; readonly file: string }, Loaded>(
  files: readonly File[],
  checked: (file: File) => readonly string[],
  load: (file: File) => Promise<Loaded>,
): Promise<{ readonly loaded: readonly Loaded[]; readonly broken: readonly BrokenFile[] }> => {
  const errors = await typeErrors(files.map(checked))
  const ends = await Promise.allSettled(
    files.map(async (file, index) => {
      const other = files.find((it) => it.name === file.name && it.file !== file.file)
      const error = other === undefined ? errors.get(index) : sameName(file, other)
      if (error !== undefined) throw error
      return await load(file)
    }),
  )
  const broken = ends.flatMap((end, index) => {
    if (end.status === 'fulfilled') return []
    if (!(end.reason instanceof BootstandError)) throw end.reason
    const { name, file } = files[index]!
    return [{ name, file, error: end.reason }]
  })
  return {
    loaded: ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : [])),
    broken,
  }
}

/** The matrix of a name or a path. */
export const findMatrix = async (name: string): Promise<NamedMatrix> => {
  const files = (await findMatrixFiles()).map((file) => ({
    name: path.basename(file, matrixEnding),
    file,
  }))
  const names = files.map((it) => it.name)
  const found = namedFile(files, name)
  if (found === undefined) {
    const there = names.length === 0 ? 'There are none' : `There are: ${names.join(', ')}`
    throw scenarioError(
      `No matrix is called "${name}".${didYouMean(name, names)} ${there} (*${matrixEnding} below scenarios/).`,
    )
  }
  await checkTypes([found.file])
  return await loadMatrix(found)
}

const loadMatrix = async ({
  name,
  file,
}: {
  readonly name: string
  readonly file: string
}): Promise<NamedMatrix> => {
  const { default: matrix } = await importFile(file)
  if (isMatrix(matrix)) return { name, file, matrix }
  throw scenarioError(
    `${shortPath(file)} exports no matrix. Expected \`export default matrix({ … })\`.`,
  )
}

/** Checks scenario files and loads what they export. */
export const loadScenarios = async (files: readonly ScenarioFile[]): Promise<NamedScenario[]> => {
  await checkTypes(files.flatMap(checkedFiles))
  const loaded = await Promise.all(files.map(loadFile))
  return loaded.flat()
}

const checkedFiles = ({ file, testFile }: ScenarioFile): string[] =>
  [file, testFile].filter(existsSync)

const loadFile = async (source: ScenarioFile): Promise<NamedScenario[]> => {
  const exported = await importFile(source.file)
  const scenarios = Object.entries(exported).flatMap(([key, scenario]) =>
    isScenario(scenario)
      ? [
          {
            name: key === 'default' ? source.name : `${source.name}/${key}`,
            file: source,
            scenario,
          },
        ]
      : [],
  )
  if (scenarios.length > 0) return scenarios
  throw scenarioError(
    `${shortPath(source.file)} exports no scenario. Expected \`export default pistachio({ … })\`.`,
  )
}

const importFile = async (file: string): Promise<Record<string, unknown>> => {
  try {
    return await within(import(pathToFileURL(file).href) as Promise<Record<string, unknown>>)
  } catch (error) {
    // The next file would meet the same; bootstand.mjs answers it.
    if (hostProblem(error) !== undefined) throw error
    const said = error instanceof BootstandError ? '' : ' cannot be loaded'
    const words = error instanceof Error ? error.message : inspect(error)
    throw scenarioError(`${shortPath(file)}${said}: ${words}`)
  }
}

/** Milliseconds that a file may take to load; one that awaits what never comes would wait without end. */
const loadTimeout = 60_000

const within = async <T>(loading: Promise<T>): Promise<T> => {
  const limit = loadTimeout * hostSlowness()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it was not loaded within ${limit} ms`)), limit)
  })
  try {
    return await Promise.race([loading, late])
  } finally {
    clearTimeout(timer)
  }
}

const scenarioError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_SCENARIO', 'usage', message)
