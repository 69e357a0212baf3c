import { existsSync } from 'node:fs'
import { errorOutput, output } from '../../host/output.ts'
import fs from 'node:fs/promises'
import path from 'node:path'
import { readVerdict } from '../../run-folder/verdict-file.ts'
import { reducibleMenu } from '../../bootset/reducible-menu.ts'
import { failedStatus } from '../../core/errors.ts'
import { isWantedOutcome } from '../../core/outcome.ts'
import { readableText, visibleText } from '../../core/text.ts'
import { typedWhole } from '../../core/typed.ts'
import { printJson } from '../print.ts'
import { pathInside } from '../../host/path-inside.ts'
import { shortPath } from '../../host/paths.ts'
import { explainingDisk } from '../../host/run-folder.ts'
import { shellLine } from '../../target/qemu/command-line.ts'
import { failureText } from '../../evidence/failure.ts'
import { machineFlags } from '../../report/repeat-lines.ts'
import type { MinimiseFlags } from '../flags.ts'
import type { TypedKeys } from './keys.ts'
import { labelsOf, minimalSuffix, originalOf, type Original, type Part } from './original.ts'
import { Search, type Minimal } from './search.ts'
import { runInput } from '../../evidence/run-input.ts'
import { findRun } from '../../evidence/find-run.ts'
import { interruptible } from '../signals.ts'

/** `bootstand minimise`: the smallest menu entry that still fails as a run did. */
export const minimise = async (name: string | undefined, flags: MinimiseFlags): Promise<void> => {
  const most = typedWhole('--boots', flags.boots, { most: 1_000_000 })
  const original = await originalOf(await runInput(findRun(name, hasFailed), flags))
  const print = flags.json === true ? errorOutput : output
  const say = (line: string) => print.write(`${visibleText(line)}\n`)
  const search = async (signal: AbortSignal) => {
    say(`${shortPath(original.run)}: ${failureText(original.failure)}`)
    const minimal = await new Search(original, { most, say, signal }).run()
    if (minimal === undefined) {
      process.exitCode = failedStatus
      return
    }
    const result = await keep(original, minimal)
    if (flags.json === true) printJson(result)
    else output.write(resultText(result))
  }
  try {
    await interruptible(search)
  } finally {
    await fs.rm(original.root, { recursive: true, force: true })
  }
}

/** Whether it is worth a search, and not the end of one. */
const hasFailed = (folder: string): boolean => {
  const verdict = readVerdict(folder)
  return (
    verdict !== undefined &&
    !isWantedOutcome(verdict.outcome) &&
    !verdict.scenario.endsWith(minimalSuffix)
  )
}

/** What is told of the smallest boot. */
interface MinimiseResult {
  readonly failure: string
  readonly identity?: string
  readonly boots: number
  readonly isCut: boolean
  readonly attempts: number
  readonly counts: Readonly<
    Record<'modules' | 'words', { readonly from: number; readonly to: number }>
  >
  readonly dropped: readonly string[]
  readonly menu: string
  /** The file with the menu. What it loads lies beside it, as on a boot medium. */
  readonly file: string
  readonly command: string
  /** What is to be typed. */
  readonly keys: readonly TypedKeys[]
  readonly runFolder: string
}

const keep = async (original: Original, minimal: Minimal): Promise<MinimiseResult> => {
  const { kept, failure, runFolder, ...told } = minimal
  const { menu, machine, method, consoles } = original.trialOf(kept)
  const { root, run } = original
  // Words go with their line.
  const left = reducibleMenu(menu, true)!
  for (const file of original.menu.files.filter((it) => !left.files.includes(it)))
    await fs.rm(pathInside(root, file), { force: true })
  const menuName = 'boot/grub/menu.lst'
  // What was found before stays until there is something else.
  const place = path.join(run, 'minimal')
  await explainingDisk(run, async () => {
    await fs.mkdir(path.join(root, path.dirname(menuName)), { recursive: true })
    await fs.writeFile(path.join(root, menuName), menu, 'latin1')
    await fs.rm(place, { recursive: true, force: true })
    await fs.rename(root, place)
  })
  const file = path.join(place, menuName)
  const count = (wanted: Part['kind']) => {
    const of = (some: readonly { readonly kind: string }[]) =>
      some.filter(({ kind }) => kind === wanted).length
    return { from: of(original.parts), to: of(left.parts) }
  }
  const command = shellLine([
    ...['npx', 'bootstand', 'boot', '--menu', shortPath(file), '--method', method],
    ...(left.files.every((it) => existsSync(path.join(place, it))) ? [] : ['--allow-missing']),
    ...machineFlags(machine, consoles),
  ])
  return {
    failure: failureText(failure),
    ...(failure.kind === 'crash' && { identity: failure.crash.identity }),
    ...told,
    counts: { modules: count('module'), words: count('word') },
    dropped: labelsOf(original.parts, kept),
    menu,
    file,
    command,
    keys: original.keys,
    runFolder,
  }
}

const resultText = (result: MinimiseResult): string => {
  const { failure, boots, isCut, attempts: needed, counts, dropped } = result
  const { modules, words } = counts
  return [
    `${boots} ${boots === 1 ? 'boot' : 'boots'}: ${modules.from} modules -> ${modules.to}, ${words.from} words -> ${words.to}.`,
    ...(isCut ? ['There were no boots left to try more; --boots allows more.'] : []),
    ...(needed > 1
      ? [`It came only in boot ${needed} of the whole, so each was tried as often.`]
      : []),
    '',
    visibleText(failure),
    ...(result.identity === undefined ? [] : [`identity ${result.identity}`]),
    '',
    ...result.menu.split('\n').map((it) => visibleText(readableText(it))),
    dropped.length === 0
      ? 'Nothing was left out.'
      : visibleText(`Left out: ${dropped.join(', ')}.`),
    `Its files lie in ${shortPath(path.resolve(result.file, '../../..'))}; the last boot is ${shortPath(result.runFolder)}.`,
    `Boot it: ${result.command}`,
    ...result.keys.map(({ role, behind, keys }) =>
      visibleText(`Type on ${role}: ${JSON.stringify(keys)}, behind ${JSON.stringify(behind)}`),
    ),
    '',
  ].join('\n')
}
