import fs from 'node:fs'
import path from 'node:path'
import { parseMenu } from '../formats/menu/parse.ts'
import { packageRoot } from '../host/paths.ts'
import { compare, printComparison } from './statistics.ts'

const menus = 1000
const rounds = 15
const folders = ['grub-menus/classic', 'fixtures/menus/bad']

/** Parsing menus, beside splitting them into lines and words, which any parser must do at least. */
export const menu = async (): Promise<void> => {
  const texts = folders.flatMap((folder) => readMenus(path.join(packageRoot, folder)))
  const repeated = Array.from({ length: menus }, (_, at) => texts[at % texts.length]!)
  const bytes = repeated.reduce((sum, text) => sum + text.length, 0)
  const timed = (work: (text: string) => unknown) => async () => {
    const started = performance.now()
    repeated.forEach(work)
    return performance.now() - started
  }
  const samples = await compare(
    {
      'split into lines and words': timed((text) => text.split('\n').map((it) => it.split(' '))),
      parseMenu: timed(parseMenu),
    },
    rounds,
  )
  printComparison(`${menus} menus, ${(bytes / 1e6).toFixed(2)} MB`, samples)
  const best = Math.min(...samples[1]!.times)
  const [each, rate] = [(best / menus) * 1000, bytes / 1e6 / (best / 1000)]
  process.stdout.write(`  at best ${each.toFixed(1)} µs a menu, ${rate.toFixed(1)} MB/s\n`)
}

const readMenus = (folder: string): string[] =>
  fs.readdirSync(folder).map((file) => fs.readFileSync(path.join(folder, file), 'latin1'))
