import { errorOutput, output } from '../host/output.ts'
import { runMatrix } from '../boot/matrix.ts'
import { didYouMean } from '../core/nearest.ts'
import { usageError } from '../core/typed.ts'
import { printJson, say } from './print.ts'
import { shortPath } from '../host/paths.ts'
import { parseBootMethod } from '../media/build.ts'
import { StatusLine } from '../report/status-line.ts'
import { findMatrix } from './catalogue.ts'
import type { MatrixFlags } from './flags.ts'
import { guestsFor } from './guests.ts'
import { matrixText } from '../report/matrix-text.ts'
import { interruptible } from './signals.ts'

/** `bootstand matrix`: command lines, each booted on several systems, and what appeared where, as one table. */
export const showMatrix = async (name: string, flags: MatrixFlags): Promise<void> => {
  const method = parseBootMethod(flags.method)
  const found = await findMatrix(name)
  const systems = systemsOf(flags.system, Object.keys(found.matrix.systems))
  let directory: string | undefined
  for (const system of systems) {
    const scenario = found.matrix.systems[system]!(found.matrix.rows[0]!)
    ;({ directory } = await guestsFor(flags.images, scenario))
  }
  const status = new StatusLine(errorOutput)
  const count = systems.length * found.matrix.rows.length
  let done = 0
  const next = () => status.start(`boot ${Math.min(done + 1, count)} of ${count} `)
  next()
  const run = async (signal: AbortSignal) => {
    const boots = await runMatrix(found.matrix, {
      ...{ name: found.name, method, systems, signal },
      ...(flags.images !== undefined && { images: directory }),
      onBoot: () => {
        done++
        next()
      },
    })
    status.clear()
    const { title } = found.matrix
    if (flags.json === true) printJson({ title, boots })
    else output.write(`${title}\n\n${matrixText(boots)}`)
    const folders = boots.map((it) => shortPath(it.runFolder))
    const ends = new Set([folders[0], folders.at(-1)])
    say(`Run folders: ${[...ends].join(' … ')}`)
  }
  const where = (signal: string) =>
    say(`bootstand: Interrupted by ${signal} during boot ${Math.min(done + 1, count)} of ${count}.`)
  await interruptible(run, where).finally(() => status.clear())
}

const systemsOf = (wanted: readonly string[] | undefined, known: readonly string[]): string[] => {
  if (wanted === undefined) return [...known]
  for (const name of wanted) {
    if (known.includes(name)) continue
    throw usageError(
      `The matrix has no system "${name}".${didYouMean(name, known)} It has: ${known.join(', ')}.`,
    )
  }
  return [...wanted]
}
