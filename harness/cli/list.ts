import { exitStatusOf } from '../core/errors.ts'
import { output } from '../host/output.ts'
import { shortPath } from '../host/paths.ts'
import { brokenLine, loadCatalogue } from './catalogue.ts'
import type { JsonFlag } from './flags.ts'
import { printJson, say } from './print.ts'

/** A scenario or a matrix, for people and for programs. */
type Row =
  | {
      readonly kind: 'scenario' | 'matrix'
      readonly name: string
      readonly title: string
      readonly file: string
    }
  | {
      readonly kind: 'broken'
      readonly name: string
      readonly file: string
      /** Why the file cannot be used. */
      readonly error: string
    }

/** `bootstand list`: every scenario and matrix with its title and file, and the files that cannot be used. */
export const list = async (flags: JsonFlag): Promise<void> => {
  const { scenarios, matrices, broken } = await loadCatalogue()
  const usable = [
    ...scenarios.map(({ name, scenario: { title }, file: { file } }) => {
      return { kind: 'scenario', name, title, file: shortPath(file) } as const
    }),
    ...matrices.map(({ name, matrix: { title }, file }) => {
      return { kind: 'matrix', name, title, file: shortPath(file) } as const
    }),
  ]
  if (broken.length > 0)
    process.exitCode = Math.max(...broken.map(({ error }) => exitStatusOf(error)))
  if (flags.json === true) {
    const rows: readonly Row[] = [
      ...usable,
      ...broken.map(({ name, file, error }) => {
        return { kind: 'broken', name, file: shortPath(file), error: error.message } as const
      }),
    ]
    return printJson(rows)
  }
  const widths = {
    name: Math.max(...usable.map((row) => row.name.length)),
    title: Math.max(...usable.map((row) => row.title.length)),
  }
  for (const { name, title, file } of usable) {
    output.write(`${name.padEnd(widths.name)}  ${title.padEnd(widths.title)}  ${file}\n`)
  }
  for (const it of broken) say(`bootstand: ${brokenLine(it)}`)
}
