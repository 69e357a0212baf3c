import type { Finding } from '../finding.ts'
import { rules } from '../rules/list.ts'
import { globals } from './menus.ts'
import { notBooted } from './not-booted.ts'
import type { Proof } from './proof.ts'

/** A proof that was booted. */
export interface ProvedRule {
  readonly proof: Proof
  /** What the rule said of the menu before the boot. */
  readonly said: Finding
  /** What was seen, line by line. */
  readonly seen: readonly string[]
}

const head = `# What lint foretells, and what happens

Each menu below was linted, then booted on the stand-ins by \`scenarios/pistachio/faulty-menus.test.ts\`,
which also writes this table (\`npx vitest run -u\` after a change). With \`BOOTSTAND_IMAGES\` it boots the same
menus on your own Pistachio and finds the same lines, but for addresses. The rules are in [lint.md](lint.md).

Menus begin with \`serial --unit=0 --speed=115200\`, \`terminal --timeout=0 --dumb serial\` and \`timeout 0\`,
unless other such lines are shown. The machine has a CD, one serial port and 64 MiB, unless said.

| rule | menu | lint says | the boot printed |
|---|---|---|---|
`

/** The whole document: a row or more for each rule, in the order of the documentation. */
export const proofTable = (proved: readonly ProvedRule[]): string =>
  head + rules.flatMap(({ id }) => rowsOf(id, proved)).join('')

const rowsOf = (rule: string, proved: readonly ProvedRule[]): string[] => {
  const rows = proved.filter((it) => it.proof.rule === rule).map(bootedRow)
  const reason = notBooted[rule]
  return reason === undefined ? rows : [...rows, row(rule, '', '', `not booted here: ${reason}`)]
}

const bootedRow = ({ proof, said, seen }: ProvedRule): string =>
  row(
    proof.rule,
    menuCell(proof),
    `line ${said.line}: ${escaped(said.message)}<br>*${escaped(said.why)}*`,
    seen.join('<br>'),
  )

const row = (rule: string, ...cells: readonly string[]): string =>
  `| \`${rule}\` | ${cells.join(' | ')} |\n`.replaceAll(/ {2,}\|/g, ' |')

const menuCell = ({ menu, memory, pick }: Proof): string => {
  const lines = menu.replace(globals, '').trimEnd().split('\n')
  const extras = [
    ...(memory === undefined ? [] : [`${memory} MiB`]),
    ...(pick === undefined ? [] : [`"${pick}" picked`]),
  ]
  const menuLines = counted(lines).map(([line, count]) =>
    count === 1 ? code(line) : `${code(line)} ×${count}`,
  )
  return [...menuLines, ...(extras.length === 0 ? [] : [`(${extras.join(', ')})`])].join('<br>')
}

/** Lines with how often each follows itself. */
const counted = (lines: readonly string[]): (readonly [string, number])[] =>
  lines.reduce<(readonly [string, number])[]>((found, line) => {
    const [last, count] = found.at(-1) ?? []
    return last === line ? [...found.slice(0, -1), [line, count! + 1]] : [...found, [line, 1]]
  }, [])

/** A line as code that a table can hold: a run of one letter is cut, a NUL byte written out. */
export const code = (line: string): string => {
  const short = line.replaceAll(/(.)\1{39,}/g, (run) => `${run.slice(0, 3)}…`)
  return `\`${escaped(short.replaceAll('\0', String.raw`\0`))}\``
}

const escaped = (text: string): string => text.replaceAll('|', String.raw`\|`)
