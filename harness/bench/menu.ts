import fs from 'node:fs'
import path from 'node:path'
import { parseMenu } from '../formats/menu/parse.ts'
import { packageRoot } from '../host/paths.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { lintMenu } from '../lint/lint-menu.ts'
import type { LintContext } from '../lint/medium.ts'
import { memoryMedium, type GivenFile } from '../lint/memory-medium.ts'
import { compare, printComparison } from './statistics.ts'

const menus = 1000
const rounds = 15
const folders = ['grub-menus/classic', 'fixtures/menus/bad']

/**
 * Parsing menus, beside splitting them into lines and words, which any parser must do at least; then
 * linting them too, by their text alone and with the files of the stand-ins.
 */
export const menu = async (): Promise<void> => {
  const texts = folders.flatMap((folder) => readMenus(path.join(packageRoot, folder)))
  const repeated = Array.from({ length: menus }, (_, at) => texts[at % texts.length]!)
  const bytes = repeated.reduce((sum, text) => sum + text.length, 0)
  const timed = (work: (text: string) => unknown) => async () => {
    const started = performance.now()
    repeated.forEach((text) => work(text))
    return performance.now() - started
  }
  const context: LintContext = {
    root: memoryMedium(standIns()),
    machine: { memory: 64, serialPorts: 1, drives: ['cd'] },
  }
  const samples = await compare(
    {
      'split into lines and words': timed((text) => text.split('\n').map((it) => it.split(' '))),
      parseMenu: timed(parseMenu),
      'parseMenu and lintMenu': timed((text) => lintMenu(parseMenu(text))),
      'the same, with files': timed((text) => lintMenu(parseMenu(text), context)),
    },
    rounds,
  )
  printComparison(`${menus} menus, ${(bytes / 1e6).toFixed(2)} MB`, samples)
  for (const { contender, times } of samples.slice(1)) {
    const best = Math.min(...times)
    const [each, rate] = [(best / menus) * 1000, bytes / 1e6 / (best / 1000)]
    process.stdout.write(
      `  ${contender}: at best ${each.toFixed(1)} µs a menu, ${rate.toFixed(1)} MB/s\n`,
    )
  }
}

/** The stand-ins at the root and in the folders where the menus have them. */
const standIns = (): GivenFile[] =>
  ['', '/boot', '/new', '/old'].flatMap((folder) =>
    filesIn(standInFolder).map((name) => ({
      path: `${folder}/${name}`,
      bytes: fs.readFileSync(path.join(standInFolder, name)),
    })),
  )

const filesIn = (folder: string): string[] =>
  fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => it.name)

const readMenus = (folder: string): string[] =>
  fs.readdirSync(folder).map((file) => fs.readFileSync(path.join(folder, file), 'latin1'))
