import type { MatrixBoot, MatrixConsole } from '../boot/matrix.ts'

const dash = '–'

/**
 * A matrix as a table: a block for each command line, in it a line for each system. Times stand in the JSON.
 *
 * @param roles Names of COM1, COM2, …, by system.
 */
export const matrixText = (boots: readonly MatrixBoot[]): string => {
  const ports = Math.max(...boots.map((it) => it.consoles.length - 1))
  const names = Array.from({ length: ports }, (_, index) => portName(boots, index))
  const heading = ['', ...names, 'VGA', '/dev/console', 'end']
  const cells = boots.map((it) => [
    `  ${it.system}`,
    ...Array.from({ length: ports }, (_, index) => consoleText(it.consoles.slice(0, -1)[index])),
    consoleText(it.consoles.at(-1)),
    it.devConsole.length === 0 ? dash : it.devConsole.join(', '),
    endText(it),
  ])
  const widths = heading.map((_, column) =>
    Math.max(...[heading, ...cells].map((line) => line[column]!.length)),
  )
  const row = (line: readonly string[]) =>
    line
      .map((text, column) => text.padEnd(widths[column]!))
      .join('  ')
      .trimEnd()
  const lines = boots.flatMap((it, index) => [
    ...(boots[index - 1]?.row === it.row ? [] : ['', it.row === '' ? '(no console=)' : it.row]),
    row(cells[index]!),
  ])
  return `${[row(heading), ...lines].join('\n')}\n`
}

/** How a boot ended, in a clause. */
const endText = ({ outcome, stops }: MatrixBoot): string => {
  if (outcome === 'crashed') return stops[0]?.meaning ?? outcome
  return { finished: 'came to its end', silent: 'silent but alive' }[outcome as string] ?? outcome
}

/** `COM1 (herc, ttyS0)`: systems have names of their own for it. */
const portName = (boots: readonly MatrixBoot[], index: number): string => {
  const roles = boots.flatMap((it) => it.consoles.slice(0, -1)[index]?.role ?? [])
  return `COM${index + 1} (${[...new Set(roles)].join(', ')})`
}

const consoleText = (console: MatrixConsole | undefined): string => {
  if (console === undefined) return ''
  const marks = console.marks.map(({ mark }) => mark).join(', ')
  if (marks !== '') return marks
  return (console.lines ?? 0) > 0 ? `${console.lines} lines` : dash
}
