import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { boot } from '../boot/boot.ts'
import { pistachio } from '../boot/pistachio.ts'
import type { BootedTarget, Target } from '../boot/target.ts'
import type { Verdict } from '../boot/verdict.ts'
import { processesIn } from '../host/processes.ts'
import type { CastEvent } from '../formats/asciicast.ts'
import { standInFolder } from '../host/stand-ins.ts'
import type { BootMethod } from '../media/medium.ts'

const methods: readonly BootMethod[] = ['direct', 'iso', 'disk']

/** A boot whose end is known beforehand. */
interface Case {
  readonly rootTask: string
  readonly arguments?: string
  readonly verdict: Pick<Verdict, 'outcome' | 'culprit'>
  /** The last line that a test awaits. */
  readonly last: string
  /** Goes on from there to the end. */
  readonly goOn?: (target: Target<'herc'>) => Promise<unknown>
}

const cases: readonly Case[] = [
  { rootTask: 'pingpong', verdict: { outcome: 'finished' }, last: 's: print SQLite table' },
  {
    rootTask: 'rt-ud2',
    verdict: { outcome: 'crashed', culprit: 'guest' },
    last: 'roottask case 3: start',
    goOn: async ({ herc }) => await herc.waitFor('roottask case 3: end').catch(() => {}),
  },
  {
    rootTask: 'rt-triplefault',
    verdict: { outcome: 'triple-fault', culprit: 'guest' },
    last: 'roottask case',
    goOn: async ({ ended }) => await ended,
  },
  {
    rootTask: 'rt-port',
    // ACPI's PM1a control register: off.
    arguments: 'port=1540 bytes=2 value=8192',
    verdict: { outcome: 'shutdown', culprit: 'guest' },
    last: 'roottask case',
    goOn: async ({ ended }) => await ended,
  },
  {
    rootTask: 'rt-flood',
    arguments: 'bytes=64K',
    verdict: { outcome: 'finished' },
    last: 'flood done',
  },
]

/**
 * Boots by alternating methods to alternating ends, two at a time, and counts verdicts that are wrong
 * and whatever stays behind. A wrong one's run folder is kept.
 */
export const stress = async (_images: string | undefined, boots = 30): Promise<void> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-stress-'))
  process.env['BOOTSTAND_RUNS'] = folder
  // What is opened once and for all is opened by then.
  await bootOnce(0)
  const descriptors = countDescriptors()
  const wrong: string[] = []
  const started = performance.now()
  let next = 0
  const worker = async () => {
    while (next < boots) {
      const problem = await bootOnce(next++)
      if (problem !== undefined) wrong.push(problem)
    }
  }
  await Promise.all([worker(), worker()])
  const time = (performance.now() - started) / 1000
  await settled(() => countDescriptors() <= descriptors)
  const left = processesIn(folder).length
  process.stdout.write(
    `\n${boots} boots, two at a time, in ${time.toFixed(0)} s: ${wrong.length} wrong, ` +
      `${left} processes and ${countDescriptors() - descriptors} descriptors left\n` +
      wrong.map((it) => `  ${it}\n`).join(''),
  )
  if (wrong.length > 0 || left > 0) process.exitCode = 1
  else fs.rmSync(folder, { recursive: true })
}

/** What was wrong with a boot, if anything. */
const bootOnce = async (number: number): Promise<string | undefined> => {
  const method = methods[number % methods.length]!
  const it = cases[number % cases.length]!
  const scenario = pistachio({ rootTask: it.rootTask, arguments: it.arguments ?? '' })
  const target = await boot(scenario, { images: standInFolder, method })
  const problem = await follow(target, it).catch(
    (error: unknown) => (error as Error).message.split('\n')[0],
  )
  if (problem === undefined) fs.rmSync(target.runFolder, { recursive: true })
  return problem && `${number} ${method} ${it.rootTask}: ${problem} (${target.runFolder})`
}

const follow = async (target: Target<'herc'>, it: Case): Promise<string | undefined> => {
  try {
    await target.herc.waitFor(it.last)
    await it.goOn?.(target)
  } finally {
    await target.stop()
  }
  const { outcome, culprit, summary } = await target.stop()
  const verdict = { outcome, ...(culprit && { culprit }) }
  if (!isDeepStrictEqual(verdict, it.verdict)) return `${outcome} (${culprit}): ${summary}`
  return leftBehind(target)
}

const leftBehind = ({ runFolder }: BootedTarget): string | undefined => {
  const processes = processesIn(runFolder)
  if (processes.length > 0) return `process ${processes.join(', ')} was left`
  const files = fs.readdirSync(runFolder).filter((name) => /\.(in|sock|pid)$/.test(name))
  if (files.length > 0) return `${files.join(', ')} was left`
  const [printed, copied] = ['herc.out', 'herc.cast'].map((name) =>
    fs.readFileSync(path.join(runFolder, name), name.endsWith('.out') ? 'latin1' : 'utf8'),
  )
  const events = copied!.trim().split('\n').slice(1)
  const text = events
    .map((line) => JSON.parse(line) as CastEvent)
    .map(([, kind, it]) => (kind === 'o' ? it : ''))
    .join('')
  return text === printed ? undefined : 'the timed copy differs from the transcript'
}

const countDescriptors = (): number => fs.readdirSync('/proc/self/fd').length

/** Waits for what ends a moment after it was told to; not for ever. */
const settled = async (is: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 100 && !is(); tries++) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
  }
}
