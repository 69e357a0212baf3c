import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { glob } from 'tinyglobby'
import { isMatrix, type Matrix } from '../boot/matrix.ts'
import { isScenario, type Scenario } from '../boot/scenario.ts'
import { BootstandError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { projectRoot, shortPath } from '../host/paths.ts'
import { checkTypes } from './check-types.ts'

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
  const files = found.toSorted().map((file) => ({
    name: path.basename(file, '.ts'),
    file,
    testFile: file.replace(/\.ts$/, '.test.ts'),
  }))
  for (const [index, { name, file }] of files.entries()) {
    const other = files.slice(index + 1).find((it) => it.name === name)
    if (other === undefined) continue
    throw scenarioError(
      `Two scenario files are called ${name}: ${shortPath(file)} and ${shortPath(other.file)}. Rename one.`,
    )
  }
  return files
}

/** The scenario file of a name, of a path, or of a name with its folders. */
export const findScenarioFile = async (name: string): Promise<ScenarioFile> => {
  const files = await findScenarioFiles()
  const found = files.find((it) => isNamed(it, name))
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

const isNamed = ({ name, file, testFile }: ScenarioFile, given: string): boolean =>
  given === name ||
  [file, testFile].includes(path.resolve(given)) ||
  file.endsWith(`/scenarios/${given}.ts`)

/** The one scenario of a name: a file's only one, or `file/export`. */
export const findScenario = async (name: string): Promise<NamedScenario> => {
  const files = await findScenarioFiles()
  const file =
    files.find((it) => isNamed(it, name)) ?? files.find((it) => name.startsWith(`${it.name}/`))
  if (file === undefined) throw await noScenario(name, files)
  const scenarios = await loadScenarios([file])
  const found =
    scenarios.find((it) => it.name === name) ??
    (scenarios.length === 1 && isNamed(file, name) ? scenarios[0] : undefined)
  if (found !== undefined) return found
  const names = scenarios.map((it) => it.name)
  throw scenarioError(
    `${shortPath(file.file)} has no scenario "${name}".${didYouMean(name, names)} It has: ${names.join(', ')}.`,
  )
}

/** Whoever wants one scenario is told of each, not of the files, of which some have several. */
const noScenario = async (
  name: string,
  files: readonly ScenarioFile[],
): Promise<BootstandError> => {
  // A file that cannot be loaded has an error of its own; here only names are missing.
  return noneCalled(name, await loadScenarios(files).catch(() => files))
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

/** All that the project has; its types are checked at once. */
export const loadCatalogue = async (): Promise<{
  readonly scenarios: readonly NamedScenario[]
  readonly matrices: readonly NamedMatrix[]
}> => {
  const [files, matrixFiles] = [await findScenarioFiles(), await findMatrixFiles()]
  await checkTypes([...files.flatMap(checkedFiles), ...matrixFiles])
  return {
    scenarios: (await Promise.all(files.map(loadFile))).flat(),
    matrices: await Promise.all(matrixFiles.map(loadMatrix)),
  }
}

/** The matrix of a name or a path. */
export const findMatrix = async (name: string): Promise<NamedMatrix> => {
  const files = await findMatrixFiles()
  const names = files.map((file) => path.basename(file, matrixEnding))
  const found = files.find(
    (file) => path.basename(file, matrixEnding) === name || file === path.resolve(name),
  )
  if (found === undefined) {
    const there = names.length === 0 ? 'There are none' : `There are: ${names.join(', ')}`
    throw scenarioError(
      `No matrix is called "${name}".${didYouMean(name, names)} ${there} (*${matrixEnding} below scenarios/).`,
    )
  }
  await checkTypes([found])
  return await loadMatrix(found)
}

const loadMatrix = async (file: string): Promise<NamedMatrix> => {
  const { default: matrix } = await importFile(file)
  if (isMatrix(matrix)) return { name: path.basename(file, matrixEnding), file, matrix }
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
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    const said = error instanceof BootstandError ? '' : ' cannot be loaded'
    throw scenarioError(`${shortPath(file)}${said}: ${(error as Error).message}`)
  }
}

const scenarioError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_SCENARIO', 'usage', message)
