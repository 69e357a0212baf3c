import path from 'node:path'
import { emulatorIn, type Verdict } from '../boot/verdict.ts'
import { entryOf } from '../bootset/menu-set.ts'
import { bannersIn, type Banner } from '../diagnosis/banners.ts'
import type { CrashReport } from '../diagnosis/crash-report.ts'
import type { AdvisedFinding } from '../diagnosis/findings.ts'
import { plainLines } from '../diagnosis/load-lines.ts'
import { dumpsIn } from '../dumps/dumps-in.ts'
import { isElfDefect, parseElf } from '../formats/elf.ts'
import { elfCompilers } from '../formats/elf-comment.ts'
import { explainLog } from '../evidence/explain-log.ts'
import { readRunMenu } from '../run-folder/run-menu.ts'
import { repeatLines } from './repeat-lines.ts'
import type { RunImage } from '../boot/run-images.ts'
import type { RunInput } from '../evidence/run-input.ts'

/** What is known, or why it is not. Nothing here is guessed. */
export type Told = string | { readonly unknown: string }

/** What one says of a file. */
interface ReportedImage {
  /** What kickstart takes it for, by its position; else what the menu calls it. */
  readonly part: string
  readonly name: string
  readonly arguments: string
  /** Bytes. */
  readonly size: number
  readonly sha256: Told
  readonly compiler: Told
}

/** A part of what a console printed. */
interface ReportedOutput {
  readonly console: string
  /** The name of the file with the whole of it, in the run folder. */
  readonly file: string
  /** Lines of the whole. */
  readonly lines: number
  readonly excerpts: readonly { readonly first: number; readonly lines: readonly string[] }[]
}

/** A bug report in the form that the L4Linux page demands ("Reporting Problems"). */
export interface BugReport {
  readonly title: string
  /** The run folder's name. */
  readonly run: string
  /** The folder in it, where the same failure was recorded. */
  readonly recorded?: string
  readonly startedAt: Told
  readonly microkernel: Readonly<Record<'name' | 'version' | 'built' | 'compiler', Told>>
  /** Loaders, and kernels that run on the microkernel. */
  readonly others: readonly Banner[]
  readonly machine: Readonly<
    Record<'emulator' | 'memory' | 'processors' | 'method' | 'bootstand', Told>
  >
  /** Lines of the menu entry that was booted. */
  readonly entry: readonly string[] | { readonly unknown: string }
  readonly images: readonly ReportedImage[] | { readonly unknown: string }
  readonly symptoms: Readonly<Record<'outcome' | 'culprit' | 'summary' | 'phase', Told>>
  /** What an examination of the hanging machine found. */
  readonly examination?: string
  /** What the guest printed after which it does not go on, each once. */
  readonly stops: readonly string[]
  readonly output: readonly ReportedOutput[]
  /** Crashes of one identity together. */
  readonly crashes: readonly (readonly CrashReport[])[]
  readonly interrogation: readonly string[]
  readonly findings: readonly AdvisedFinding[]
  /** Commands that replay it or boot it again. */
  readonly repeat: readonly string[]
}

const noVerdict = { unknown: 'the run has left no verdict.json' }

/** Collects what a run tells. */
export const bugReport = async (input: RunInput): Promise<BugReport> => {
  const { folder, verdict, logs, run, booted } = input
  const explained = []
  for (const log of logs) explained.push(await explainLog(log, booted, [], run))
  const crashes = explained.flatMap((it) => it.crashes)
  const identities = [...new Set(crashes.map((it) => it.identity))]
  const banners = logs.flatMap(({ text }) => bannersIn(text))
  const kernel = banners.find(({ part }) => part === 'kernel')
  const images = verdict === undefined ? noVerdict : reportedImages(input.images)
  return {
    title: crashes[0]?.title ?? verdict?.summary ?? 'a run without a verdict',
    run: path.basename(folder),
    ...(verdict?.recorded !== undefined && { recorded: verdict.recorded }),
    startedAt: verdict?.startedAt ?? noVerdict,
    microkernel: microkernel(kernel, images, logs.map(({ text }) => text).join('\n')),
    others: banners.filter((it) => it !== kernel),
    machine: verdict === undefined ? unknownMachine : machine(verdict),
    entry: entryIn(folder),
    images,
    symptoms: verdict === undefined ? unknownSymptoms : symptoms(verdict),
    ...(verdict?.evidence && { examination: verdict.evidence.sentence }),
    stops: [...new Set((verdict?.stops ?? []).map(({ meaning }) => meaning))],
    output: explained.map((it, index) => output(logs[index]!, it.crashes)),
    crashes: identities.map((identity) => crashes.filter((it) => it.identity === identity)),
    interrogation: verdict?.interrogation ?? [],
    findings: explained.flatMap((it) => it.findings),
    repeat: repeatLines(input),
  }
}

const microkernel = (
  banner: Banner | undefined,
  images: BugReport['images'],
  text: string,
): BugReport['microkernel'] => {
  const page = dumpsIn(text).find((it) => it.kind === 'kernel-interface-page')
  const name = banner?.name ?? page?.version
  const file = 'unknown' in images ? undefined : images.find(({ part }) => part === 'kernel')
  const silent = 'the consoles have no banner of a kernel'
  const version = banner?.version ?? page?.kernelVersion
  return {
    name: name ?? { unknown: silent },
    version: version ?? {
      unknown: name === undefined ? silent : 'neither its banner nor its interface page says it',
    },
    built: banner?.built ?? page?.generated ?? { unknown: silent },
    compiler: kernelCompiler(banner?.compiler, file?.compiler) ?? { unknown: silent },
  }
}

const kernelCompiler = (said: string | undefined, file: Told | undefined): Told | undefined => {
  if (said === undefined) return file
  const both = typeof file === 'string' ? `; its file: ${file}` : ''
  return `${said} (its banner)${both}`
}

/** Kickstart takes its modules by their position. */
const kickstartParts = ['kickstart', 'kernel', 'sigma0', 'root task']

const reportedImages = (images: readonly RunImage[]): readonly ReportedImage[] => {
  const isKickstart = images[0]?.name.startsWith('kickstart') === true
  return images.map((image, index) => {
    const { role, name, size, sha256, arguments: words } = image
    return {
      part: (isKickstart ? kickstartParts[index] : undefined) ?? role,
      name,
      arguments: words,
      size,
      sha256: sha256 ?? { unknown: 'the file was too large to read for it' },
      compiler: compilerOf(image),
    }
  })
}

const compilerOf = ({ found }: RunImage): Told => {
  if (found === undefined) return { unknown: 'the run has no copy of it as it was booted' }
  if (isElfDefect(parseElf(found.bytes))) return { unknown: 'it is no program' }
  const said = elfCompilers(found.bytes)
  return said.length === 0 ? { unknown: 'its file has no .comment section' } : said.join(', ')
}

const unknownMachine: BugReport['machine'] = {
  emulator: noVerdict,
  memory: noVerdict,
  processors: noVerdict,
  method: noVerdict,
  bootstand: noVerdict,
}

const machine = (verdict: Verdict): BugReport['machine'] => {
  const { method, harness } = verdict
  const { memory, processors = 1, cpu = "QEMU's default model" } = verdict.machine ?? {}
  const qemu = emulatorIn(verdict)
  return {
    emulator:
      qemu === undefined
        ? { unknown: 'the verdict does not name it' }
        : `${qemu.name} ${qemu.version}, accelerator tcg`,
    memory: memory === undefined ? { unknown: "QEMU's default" } : `${memory} MiB`,
    processors: `${processors}, ${cpu}`,
    method,
    bootstand: harness?.version ?? { unknown: 'the verdict does not name it' },
  }
}

const entryIn = (folder: string): BugReport['entry'] => {
  const menu = readRunMenu(folder)
  if (menu === undefined) return { unknown: 'the run has kept no menu' }
  const entry = entryOf({ menu })
  if (entry === undefined) return { unknown: 'the menu has no entry' }
  return [entry.heading, ...entry.statements]
    .filter(({ kind }) => kind !== 'blank')
    .flatMap(({ source }) => source.trimEnd().split('\n'))
}

const unknownSymptoms: BugReport['symptoms'] = {
  outcome: noVerdict,
  culprit: noVerdict,
  summary: noVerdict,
  phase: noVerdict,
}

const symptoms = ({ outcome, culprit, summary, phases }: Verdict): BugReport['symptoms'] => {
  const phase = phases.at(-1)
  return {
    outcome,
    culprit: culprit ?? 'nobody',
    summary,
    phase:
      phase === undefined
        ? { unknown: 'the machine never ran' }
        : `${phase.name}, reached ${(phase.reached / 1000).toFixed(2)} s after power-on`,
  }
}

/** Lines of a console that are shown before a crash, of one crash, of several crashes, and without any. */
const shown = { before: 12, crash: 48, crashes: 3, end: 24 }

const output = (
  { path: file, text }: RunInput['logs'][number],
  crashes: readonly CrashReport[],
): ReportedOutput => {
  const lines = text === '' ? [] : plainLines(text.replace(/\n$/, ''))
  const kinds = [...new Map(crashes.toReversed().map((it) => [it.identity, it])).values()]
  const places =
    kinds.length === 0
      ? [{ from: Math.max(0, lines.length - shown.end), to: lines.length }]
      : kinds
          .toSorted((a, b) => a.lines.first - b.lines.first)
          .slice(0, shown.crashes)
          .map(({ lines: at }) => ({
            from: Math.max(0, at.first - 1 - shown.before),
            to: Math.min(at.last, at.first - 1 + shown.crash),
          }))
  const excerpts = places.map(({ from, to }, index) => {
    // What stands in one excerpt need not stand in the next one.
    const start = Math.max(from, places[index - 1]?.to ?? 0)
    return { first: start + 1, lines: lines.slice(start, to) }
  })
  return {
    console: path.basename(file, '.out'),
    file: path.basename(file),
    lines: lines.length,
    excerpts: excerpts.filter((it) => it.lines.length > 0),
  }
}
