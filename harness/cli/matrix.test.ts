import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { MatrixBoot } from '../boot/matrix.ts'
import { bootstand, folder, scenarioOf, useSandbox, writeProject } from '../test-tools/sandbox.ts'

useSandbox()

const matrixOf = (init: string) => `import { matrix, pistachio } from 'bootstand'
const l4linux = (words: string) =>
  pistachio({ rootTask: 'vmlinuz.VX2', arguments: words, consoles: ['herc', 'ttyS1'] })
export default matrix({
  title: 'Two consoles',
  rows: ['console=herc console=ttyS1,115200', ''],
  systems: { L4Linux: l4linux },
  marks: { Linux: /^Linux version/, panic: /^Kernel panic/, init: /^init started/ },
  init: '${init}',
  silence: 800,
})
`

beforeEach(() => writeProject(scenarioOf('pingpong')))

const matrix = async (init: string, ...words: readonly string[]) => {
  fs.writeFileSync(path.join(folder, 'scenarios/ports.matrix.ts'), matrixOf(init))
  return await bootstand(['matrix', 'ports', '--method', 'direct', ...words], { cwd: folder })
}

test('each command line is booted, and a table tells what each console showed', async () => {
  const { stdout, exitCode } = await matrix('panic', '--json')
  expect(exitCode).toBe(0)
  const { boots } = JSON.parse(stdout) as { boots: readonly MatrixBoot[] }
  const [both, none] = boots
  const marksOf = (boot: MatrixBoot) =>
    boot.consoles.map((it) => [it.role, ...it.marks.map(({ mark }) => mark)])
  // Without a ramdisk there is no root file system.
  expect(marksOf(both!)).toEqual([['herc', 'Linux', 'panic'], ['ttyS1', 'Linux', 'panic'], ['vga']])
  expect(both).toMatchObject({
    devConsole: ['herc', 'ttyS1'],
    row: expect.stringContaining('ttyS1'),
  })
  const [linux, panic] = both!.consoles[0]!.marks
  expect(linux!.at).toBeLessThanOrEqual(panic!.at!)
  expect(marksOf(none!)).toEqual([['herc', 'Linux', 'panic'], ['ttyS1'], ['vga']])
})

test('the table has a block for each command line', async () => {
  const { stdout } = await matrix('init')
  const lines = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '))
  expect(lines.slice(0, 7)).toEqual([
    'Two consoles',
    '',
    ' | COM1 (herc) | COM2 (ttyS1) | VGA | /dev/console | end',
    '',
    'console=herc console=ttyS1,115200',
    expect.stringMatching(/^ \| L4Linux \| Linux, panic \| Linux, panic \| – \| – \| /),
    '',
  ])
})

test('what is wrong is said in a sentence', async () => {
  const unknown = await bootstand(['matrix', 'prots'], { cwd: folder })
  expect(unknown).toMatchObject({ exitCode: 2 })
  expect(unknown.stderr).toContain('No matrix is called "prots". There are none (*.matrix.ts below')
  const noMark = await matrix('inti')
  expect(noMark).toMatchObject({ exitCode: 2, stdout: '' })
  expect(noMark.stderr).toContain('matrix(…) has no mark "inti". Did you mean "init"?')
  const file = path.join(folder, 'scenarios/none.matrix.ts')
  const rowsOnly = "title: 'None', rows: [''], systems: {}, marks: {}"
  fs.writeFileSync(
    file,
    `import { matrix } from 'bootstand'\nexport default matrix({ ${rowsOnly} })\n`,
  )
  const noSystems = await bootstand(['matrix', 'none'], { cwd: folder })
  expect(noSystems).toMatchObject({ exitCode: 2, stdout: '' })
  expect(noSystems.stderr).toContain('expected one system at least')
  fs.rmSync(file)
  const noSystem = await matrix('init', '--system', 'L4linx')
  expect(noSystem.exitCode).toBe(2)
  expect(noSystem.stderr).toContain('no system "L4linx". Did you mean "L4Linux"?')
})
