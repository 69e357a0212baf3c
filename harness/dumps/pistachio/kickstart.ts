import { hex, type Hex } from '../hex.ts'
import { match, type Lines } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** With what a module would have shared its memory. */
export interface LoadConflict {
  /** A module as the boot loader left it, or one that kickstart has already put in its place. */
  readonly with: 'multiboot module' | 'module'
  /** From 0: the kernel, sigma0, the root task. */
  readonly index: number
  readonly low: Hex
  /** The byte behind it. */
  readonly high: Hex
}

/** kickstart gave up. */
export interface KickstartFailure extends Told {
  readonly system: 'pistachio'
  readonly kind: 'kickstart-failure'
  /** Of its source mbi-loader.cc; differs from version to version. */
  readonly line: number | undefined
  readonly version: string | undefined
  /** The label of the module that it was loading. */
  readonly module: string | undefined
  readonly conflict: LoadConflict | undefined
  /** What else it said of the module or before it gave up. */
  readonly complaint: string | undefined
  readonly decoded: {
    /** What kickstart wanted and did not get. */
    readonly expected: string | undefined
    /** The module that the conflict is with, in words. */
    readonly conflictsWith: string | undefined
  }
}

const panic = /(?:^ (?<module>kernel|sigma0|roottask) *)?PANIC: FAIL in line (?<line>\d{1,6})$/
const labels = /^ (?<module>kernel|sigma0|roottask) +\(0x/
const conflictLine =
  /^ {5}Conflict with (?<with>(?:multiboot )?module) (?<index>\d{1,3}) \(0x(?<low>[0-9a-f]{8})-0x(?<high>[0-9a-f]{8})\)$/
const complaintLine =
  /(?<complaint>No executable|Wrong PHDR table offset|String buffer overrun|Failed to load all necessary modules)$/
const noLoader = /No valid loader format found\./
const start = /^KickStart (?<version>\d[\d.]*)/
const known = '0.13.06'
/** A boot prints some fifty lines before; a log that is nothing but failures must not be read anew for each. */
const linesBefore = 100

const modules = ['the kernel', 'sigma0', 'the root task']
const moduleNames: Readonly<Record<string, string>> = {
  kernel: 'the kernel',
  sigma0: 'sigma0',
  roottask: 'the root task',
}

/** By line of mbi-loader.cc in kickstart 0.13.06. */
const expectedAt: Readonly<Record<number, string>> = {
  161: 'the first module, the kernel, as a 32-bit ELF executable that fits where it is linked',
  162: 'the second module, sigma0, as a 32-bit ELF executable that fits where it is linked',
  163: 'the third module, the root task, as a 32-bit ELF executable that fits where it is linked',
  167: 'at least three modules: the kernel, sigma0 and the root task, in this order',
  182: 'a boot loader that says which modules it loaded',
  241: 'free memory for a copy of the multiboot information',
  329: 'the kernel as the first module, with its kernel interface page; there is none, or it is no such kernel',
  442: 'a kernel interface page in the loaded kernel',
}

/** Reads `PANIC: FAIL in line N` and what kickstart printed before it. */
export const readKickstartFailure: DumpReader<KickstartFailure> = (lines, at) => {
  if (noLoader.test(lines[at]?.text ?? '')) return notMultiboot(lines, at)
  const failure = match<'module' | 'line'>(panic, lines[at]?.text)
  if (failure === undefined) return undefined
  const { first, version, module: loaded, conflict, complaint } = contextOf(lines, at)
  const module = failure.module === '' ? loaded : failure.module
  const line = Number(failure.line)
  const ofLine = version === undefined || version === known ? expectedAt[line] : undefined
  const expected =
    complaint === 'String buffer overrun'
      ? 'command lines of at most 4096 bytes altogether'
      : ofLine
  const conflictsWith = conflict && modules[conflict.index]
  return {
    dump: {
      system: 'pistachio',
      kind: 'kickstart-failure',
      stop: true,
      summary: [
        [
          `kickstart gave up at its line ${failure.line}`,
          module && `while it loaded ${moduleNames[module]}`,
        ]
          .filter(Boolean)
          .join(' '),
        conflict && describeConflict(conflict, conflictsWith),
        complaint,
        conflict === undefined && expected && `it expected ${expected}`,
      ]
        .filter(Boolean)
        .join('; '),
      line,
      version,
      module,
      conflict,
      complaint,
      decoded: {
        expected,
        conflictsWith,
      },
    },
    first,
    end: at + 1,
  }
}

const describeConflict = (conflict: LoadConflict, whose: string | undefined): string =>
  [
    'its link address lies on',
    conflict.with === 'module' ? whose : `the place where the boot loader put ${whose}`,
    `(${conflict.low} to ${conflict.high})`,
  ].join(' ')

const notMultiboot = (lines: Lines, at: number): ReturnType<typeof readKickstartFailure> => ({
  dump: {
    system: 'pistachio',
    kind: 'kickstart-failure',
    stop: true,
    summary: 'kickstart gave up: no multiboot loader started it',
    line: undefined,
    version: contextOf(lines, at).version,
    module: undefined,
    conflict: undefined,
    complaint: 'No valid loader format found.',
    decoded: { expected: 'to be started by a multiboot loader', conflictsWith: undefined },
  },
  end: at + 1,
})

interface Context {
  readonly first: number
  readonly version?: string | undefined
  readonly module?: string
  readonly conflict?: LoadConflict
  readonly complaint?: string
}

/** What kickstart said before, back to its first line or the module's label. */
const contextOf = (lines: Lines, at: number): Context => {
  let context: Context = { first: at }
  let unlabelled = true
  for (let before = at - 1; before >= Math.max(0, at - linesBefore); before -= 1) {
    const text = lines[before]?.text ?? ''
    const version = match<'version'>(start, text)?.version
    if (version !== undefined) return { ...context, version }
    if (!unlabelled) continue
    const conflict = match<'with' | 'index' | 'low' | 'high'>(conflictLine, text)
    const complaint = match<'complaint'>(complaintLine, text)?.complaint
    const module = match<'module'>(labels, text)?.module
    if (conflict !== undefined)
      context = { ...context, first: before, conflict: conflictOf(conflict) }
    if (complaint !== undefined) context = { ...context, first: before, complaint }
    // A label is the failing module's only where something was said against it.
    if (module !== undefined && (context.conflict ?? context.complaint) !== undefined)
      context = { ...context, first: before, module }
    unlabelled = module === undefined
  }
  return context
}

const conflictOf = (it: Record<'with' | 'index' | 'low' | 'high', string>): LoadConflict => ({
  with: it.with === 'module' ? 'module' : 'multiboot module',
  index: Number(it.index),
  low: hex(it.low),
  high: hex(it.high),
})
