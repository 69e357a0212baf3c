import { output } from '../host/output.ts'
import { printJson } from './print.ts'
import { shortPath } from '../host/paths.ts'
import { loadCatalogue } from './catalogue.ts'
import type { JsonFlag } from './flags.ts'

/** A scenario or a matrix, for people and for programs. */
interface Row {
  readonly kind: 'scenario' | 'matrix'
  readonly name: string
  readonly title: string
  readonly file: string
}

/** `bootstand list`: every scenario and matrix with its title and file. */
export const list = async (flags: JsonFlag): Promise<void> => {
  const { scenarios, matrices } = await loadCatalogue()
  const rows: Row[] = [
    ...scenarios.map(({ name, scenario: { title }, file: { file } }) => {
      return { kind: 'scenario', name, title, file: shortPath(file) } as const
    }),
    ...matrices.map(({ name, matrix: { title }, file }) => {
      return { kind: 'matrix', name, title, file: shortPath(file) } as const
    }),
  ]
  if (flags.json === true) return printJson(rows)
  const widths = {
    name: Math.max(...rows.map((row) => row.name.length)),
    title: Math.max(...rows.map((row) => row.title.length)),
  }
  for (const { name, title, file } of rows) {
    output.write(`${name.padEnd(widths.name)}  ${title.padEnd(widths.title)}  ${file}\n`)
  }
}
