import { plainText } from '../core/text.ts'
import { describeAddress } from '../dumps/code-address.ts'
import { dumpsIn, type Dump, type LineRange } from '../dumps/dumps-in.ts'
import type { Hex } from '../dumps/hex.ts'
import { elfCodeRanges } from '../formats/elf-symbols.ts'
import { sha256OfBytes } from '../host/hash.ts'
import { pistachioProfile } from '../kernel/pistachio.ts'
import { addressMap, type AddressMap, type BootedFile, type Place } from './address-map.ts'
import { bootedPrograms } from './booted-programs.ts'
import {
  crashFacts,
  type CrashFacts,
  type CrashKind,
  type CrashThread,
  type StopDumps,
  type ToldInstruction,
} from './crash-facts.ts'
import { areaAt, interfacePage, type Area } from './known-areas.ts'
import { loadedModules, plainLines } from './load-lines.ts'
import { placeName } from './place-text.ts'
import { threadClass } from './thread-classes.ts'

/** A place in a file of the boot set. */
export interface CrashPlace extends Place {
  /** The routine as people write it. */
  readonly function?: string
  /** The instruction's address as linked: of a call, not of what is behind it. */
  readonly instruction: number
  /** `/src/main.c:14`, once it was looked up in the file's debug information. */
  readonly source?: string
  /** Routines that the compiler put into this one there, the innermost first; likewise. */
  readonly inlined?: readonly string[]
}

/** An instruction, with what lies there. */
export interface CrashInstruction {
  /** As printed; a return address lies behind its call. */
  readonly address?: Hex
  /** What the kernel itself called it: `panic+0x118`. */
  readonly named?: string
  /** None where no file of the boot set lies there, several where more than one may. */
  readonly places: readonly CrashPlace[]
  /** Whose memory it is, where no file says it better. */
  readonly area?: Area
  /** It was not printed with the failure: it is where the current thread left its program. */
  readonly ofCurrentThread?: boolean
}

/** A word of the stack that may be a return address. */
export interface StackWord {
  /** Words from the top. */
  readonly index: number
  readonly word: Hex
  readonly places: readonly CrashPlace[]
}

/** Threads of a ready queue that have one priority. */
export interface QueuedPriority {
  readonly cpu: number
  readonly priority: number
  /** What threads of this priority are. */
  readonly priorityClass: string
  /** By the kernel's names or global ids; those in parentheses are not ready. */
  readonly threads: readonly string[]
}

/** A thread that did not run. */
export interface OtherThread {
  readonly thread: CrashThread
  readonly where?: CrashInstruction
}

/** A stop of a guest. What the log does not say is absent. */
export interface CrashReport {
  readonly system: Dump['system']
  readonly kind: CrashKind
  readonly title: string
  /** A few words that are the same whenever the same goes wrong. */
  readonly reason: string
  /** 16 digits by which two crashes are the same one: system, kind, reason and place, no addresses. */
  readonly identity: string
  /** How far the boot had come, for a kernel whose milestones are known. */
  readonly phase?: string
  readonly thread?: CrashThread
  /** Who else could run, the highest priority first, where the debugger was asked for it. */
  readonly readyQueue?: readonly QueuedPriority[]
  /** What failed. */
  readonly where?: CrashInstruction
  /** Where the kernel noticed it. */
  readonly noticed?: CrashInstruction
  /** The address that was touched. */
  readonly address?: Hex
  /** What the page table says of it. */
  readonly page?: string
  readonly registers?: NonNullable<CrashFacts['registers']>
  /** Who called, the last call first. */
  readonly callers: readonly CrashInstruction[]
  /** The words of the stack that lie in code of the boot set. */
  readonly stack: readonly StackWord[]
  /** What each of its dumps says, in a clause. */
  readonly says: readonly string[]
  /** Other threads that the debugger was asked for, and where each left its program. */
  readonly others: readonly OtherThread[]
  /** What the debugger answered besides, in a clause each, where that is no part of the above. */
  readonly answers: readonly string[]
  readonly lines: LineRange
  /** The lines, with the two before them. */
  readonly excerpt: readonly string[]
}

/** What helps to read a log. */
export interface CrashEvidence {
  /** The files that were booted, those that run as kernels marked or first. */
  readonly files: readonly BootedFile[]
  /** Names of routines as people write them. */
  readonly names?: (symbol: string) => string
}

/** Reads every stop of a log. Never throws; dumps of one stop that stand together count as one. */
export const crashReports = (text: string, evidence: CrashEvidence): readonly CrashReport[] => {
  const lines = plainLines(text)
  const places = placesIn(evidence)
  const modules = loadedModules(lines)
  const programs = bootedPrograms(lines)
  const page = interfacePage(lines)
  const phases = phasesOf(lines)
  return stopsIn(dumpsIn(text), lines).map((stop) => {
    const { system } = stop.own.find((it) => it.stop)!
    const facts = crashFacts(stop)
    const resolve = (it: ToldInstruction) =>
      // Linux knows no ring of its own where it is L4Linux, a program.
      instructionAt(system === 'linux' ? { ...it, ring: undefined } : it, places, (address) =>
        areaAt(address, it.ring, system, { modules, programs, page }),
      )
    const where = facts.where && resolve(facts.where)
    const noticed = facts.noticed && resolve(facts.noticed)
    const at = { first: stop.own[0]!.at.first, last: stop.own.at(-1)!.at.last }
    const phase =
      system === 'grub' ? 'loader' : system === 'pistachio' ? phases[at.first - 1] : undefined
    const { kind, reason, thread, address, registers } = facts
    const functions = (where ?? noticed) && identityOf((where ?? noticed)!)
    return {
      system,
      kind,
      title: titleOf(system, facts, where, noticed),
      reason,
      identity: digest([system, kind, withoutAddresses(reason), functions]),
      ...(phase !== undefined && { phase }),
      ...(thread && { thread: classified(thread, system) }),
      ...(system === 'pistachio' && readyQueueOf(stop)),
      ...(where && { where }),
      ...(noticed && { noticed }),
      ...(address && { address }),
      ...(facts.page !== undefined && { page: facts.page }),
      ...(registers && { registers }),
      callers: (facts.callers ?? []).map(resolve),
      stack: stackWords(facts, places),
      says: stop.own.map(({ summary }) => summary),
      others: (facts.others ?? []).map((other) => ({
        thread: classified(other.thread, system),
        ...(other.where && { where: resolve(other.where) }),
      })),
      answers: stop.after
        .filter(({ system: whose, kind: what }) => whose !== 'pistachio' || !workedIn.has(what))
        .map(({ summary }) => summary),
      lines: at,
      excerpt: lines.slice(Math.max(0, at.first - 3), Math.min(at.last, at.first + longest)),
    }
  })
}

/** Pistachio's dumps whose content is elsewhere in a report. */
const workedIn = new Set<Dump['kind']>([
  'exception-frame',
  'thread',
  'ready-queue',
  'memory',
  'page-table',
])

/** Lines of an excerpt. */
const longest = 60

/** Lines between registers and the panic that they belong to. */
const nearby = 10

const stopsIn = (dumps: readonly Dump[], lines: readonly string[]): StopDumps[] => {
  const stops: { own: Dump[]; after: Dump[] }[] = []
  dumps.forEach((dump, index) => {
    const last = stops.at(-1)
    const before = dumps[index - 1]
    const isNext = last?.own.at(-1) === before && dump.at.first <= (before?.at.last ?? 0) + 1
    if (dump.stop && last !== undefined && isNext) last.own.push(dump)
    else if (dump.stop) {
      const belongs =
        before?.system === 'xen' &&
        before.kind === 'registers' &&
        dump.at.first - before.at.last <= nearby
      if (belongs) last?.after.splice(last.after.indexOf(before), 1)
      stops.push({ own: belongs ? [before, dump] : [dump], after: [] })
    } else if (last !== undefined && !goesOn(lines, last.own.at(-1)!.at.last, dump.at.first))
      last.after.push(dump)
  })
  return stops.map(({ own, after }) => {
    const thread = after.find((it) => it.system === 'pistachio' && it.kind === 'thread')
    const isCurrent = thread && /\[current\]: current/.test(lines[thread.at.first - 2] ?? '')
    return { own, after, currentThread: isCurrent ? thread : undefined }
  })
}

/** Whether the debugger was told between two lines to let the guest go on. */
const goesOn = (lines: readonly string[], from: number, to: number): boolean =>
  lines.slice(from, to).some((line) => /^(?:\/[a-z]+)*> go$/.test(line))

/** Files of a boot set, ready to have addresses looked up. */
interface Places {
  readonly map: AddressMap
  readonly isCode: (image: string, address: number) => boolean
  readonly names: (symbol: string) => string
}

export const placesIn = ({ files, names = (it) => it }: CrashEvidence): Places => {
  const ranges = new Map(files.map(({ name, bytes }) => [name, elfCodeRanges(bytes)]))
  return {
    map: addressMap(files),
    names,
    isCode: (image, address) =>
      (ranges.get(image) ?? []).some(({ low, high }) => address >= low && address < high),
  }
}

const placesAt = (
  instruction: number,
  ring: number | undefined,
  { map, names }: Places,
): CrashPlace[] =>
  (ring === undefined ? [0, 3] : [ring === 0 ? 0 : 3])
    .flatMap((it) => map.find(instruction, it))
    .map((place) => ({
      ...place,
      ...(place.symbol !== undefined && { function: names(place.symbol) }),
      instruction: place.linkedAt ?? instruction,
    }))

/** What lies at an instruction. */
export const instructionAt = (
  { address, named, ring, isBehind, ofCurrentThread }: ToldInstruction,
  places: Places,
  areaOf: (address: number) => Area | undefined,
): CrashInstruction => {
  const instruction = address === undefined ? undefined : Number(address) - (isBehind ? 1 : 0)
  const found = instruction === undefined ? [] : placesAt(instruction, ring, places)
  const area = instruction === undefined || found.length > 0 ? undefined : areaOf(instruction)
  return {
    ...(address && { address }),
    ...(named && { named: nameOf(named) }),
    places: found,
    ...(area && { area }),
    ...(ofCurrentThread && { ofCurrentThread }),
  }
}

const nameOf = (named: NonNullable<ToldInstruction['named']>): string =>
  named.offset === undefined ? (named.symbol ?? '') : describeAddress(named)

const stackWords = ({ stack }: CrashFacts, places: Places): readonly StackWord[] => {
  const ring = stack?.of === 'kernel' ? 0 : 3
  return (stack?.words ?? []).flatMap((word, index) => {
    if (word === null) return []
    // On a stack, a number as small as a physical address is seldom one.
    const found = placesAt(Number(word) - 1, ring, places).filter(
      ({ image, instruction, linkedAt }) =>
        linkedAt === undefined && places.isCode(image, instruction),
    )
    return found.length === 0 ? [] : [{ index, word, places: found }]
  })
}

const classes = pistachioProfile.threadClasses ?? []

const classified = (thread: CrashThread, system: Dump['system']): CrashThread =>
  system === 'pistachio' && thread.priority !== undefined
    ? { ...thread, priorityClass: threadClass(thread.priority, classes) }
    : thread

const readyQueueOf = ({ after }: StopDumps): Pick<CrashReport, 'readyQueue'> => {
  const shown = after.filter((it) => it.system === 'pistachio' && it.kind === 'ready-queue')
  if (shown.length === 0) return {}
  // Asked twice, the debugger shows each processor's twice.
  const processors = [...new Map(shown.map((it) => [it.cpu, it])).values()]
  return {
    readyQueue: processors.flatMap(({ cpu, queues }) =>
      queues.map(({ priority, threads }) => ({
        cpu,
        priority,
        priorityClass: threadClass(priority, classes),
        threads: threads.map(({ thread, ready }) => (ready ? thread : `(${thread})`)),
      })),
    ),
  }
}

/** The phase that each line of a log of Pistachio belongs to. */
const phasesOf = (lines: readonly string[]): readonly (string | undefined)[] => {
  let phase: string | undefined
  return lines.map((line) => {
    const isLong = line.length > longestMilestone
    const reached = isLong
      ? undefined
      : pistachioProfile.milestones.find(({ pattern }) => pattern.test(line))
    phase = reached?.phase ?? phase
    return phase
  })
}

const longestMilestone = 4096

const systemNames: Record<Dump['system'], string> = {
  pistachio: 'Pistachio',
  linux: 'Linux',
  fiasco: 'Fiasco',
  l4re: 'L4Re',
  l4linux: 'L4Linux',
  gnumach: 'GNU Mach',
  xen: 'Xen',
  grub: 'GRUB',
}

const titleOf = (
  system: Dump['system'],
  { kind, reason }: CrashFacts,
  where: CrashInstruction | undefined,
  noticed: CrashInstruction | undefined,
): string => {
  const told = where ?? (kind === 'break-in' ? undefined : noticed)
  const place = told && instructionText(told)
  const verb = place?.startsWith('0x') === true ? 'at' : 'in'
  const meanwhile = kind === 'break-in' ? 'while the current thread was ' : ''
  return [
    `${systemNames[system]}: ${plainText(reason)}`,
    place && `${where === undefined ? 'noticed ' : meanwhile}${verb} ${place}`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** `rt-ud2, main+0x12`, or as much as is known. */
export const instructionText = ({
  address,
  named,
  places,
  area,
}: CrashInstruction): string | undefined => {
  if (named !== undefined) return named
  if (places.length === 0) return area === undefined ? address : areaText(area, address)
  const shown = places.slice(0, mostPlaces).map(placeText)
  const rest = places.length - shown.length
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(' or ')
}

const areaText = ({ name, source }: Area, address: Hex | undefined): string =>
  source === 'typical layout' ? `${address}, typically ${name}` : `${name} at ${address}`

const mostPlaces = 3

const placeText = (it: CrashPlace): string => {
  const { function: name, source, inlined = [] } = it
  const place = [placeName(it, name), ...inlined.toReversed()].join(', inlined ')
  return source === undefined ? place : `${place} (${source.slice(source.lastIndexOf('/') + 1)})`
}

const pageSize = 4096

/** Where it is, without what moves from boot to boot or from build to build. */
const identityOf = ({ address, named, places, area }: CrashInstruction): string => {
  if (named !== undefined) return named.replace(/\+0x[0-9a-f]+.*$/, '')
  if (places.length === 0) return area?.name ?? (Number(address) < pageSize ? 'null' : '')
  return [...new Set(places.map(({ image, symbol }) => `${image} ${symbol ?? ''}`))]
    .toSorted()
    .join()
}

const withoutAddresses = (reason: string): string =>
  reason.replaceAll(/\b(?:0x[0-9a-f]+|(?=[a-f]*\d)[0-9a-f]{8,16})\b/gi, (digits) =>
    Number.parseInt(digits.replace(/^0x/i, ''), 16) < firstAddress ? digits : '#',
  )

/** Lower numbers are codes, not addresses. */
const firstAddress = 0x10000

const digest = (parts: readonly (string | undefined)[]): string =>
  sha256OfBytes(JSON.stringify(parts)).slice(0, 16)
