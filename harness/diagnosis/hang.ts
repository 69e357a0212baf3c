import type { Diagnosis } from '../console/diagnosis.ts'
import type { Culprit } from '../core/errors.ts'
import type { HangOutcome } from '../core/outcome.ts'
import { formatDuration, formatSize, visibleText } from '../core/text.ts'
import type { Prompt } from '../kernel/profile.ts'
import { totalWithheld } from '../host/withheld-time.ts'
import { leastSamples, leastTime, type Examination, type Unseen } from '../target/examination.ts'
import { evidenceOf, isDead, namesOf, whereText, type SeenFacts } from './hang-evidence.ts'
import type { Cluster, SeenProcessor } from './sampled-places.ts'

/** A prompt that a console or the screen shows last. */
export interface SeenPrompt {
  readonly kind: Prompt['kind']
  readonly role: string
  /** As it came. */
  readonly line: string
}

/** What consoles tell when one has not printed in time what was awaited. Times are milliseconds. */
export interface HeardFacts {
  /** The console that was awaited, such as `herc`. */
  readonly role: string
  /** Its last line that is not empty, as it came; nothing when it printed nothing. */
  readonly lastLine: string | undefined
  /** Where somebody waits for a key, on this console or another. */
  readonly prompt: SeenPrompt | undefined
  /** Since its last byte. */
  readonly silence: number
  /** Whether it printed during the wait. */
  readonly printed: boolean
  /** Whether it printed during the examination. */
  readonly prints: boolean
  /** Whether what was booted has printed anything: before, the loader has control. */
  readonly begun: boolean
  /** Whether keys were typed since its last byte. */
  readonly typed: boolean
}

/** The same, and what an examination of the machine found. */
export interface HangFacts extends HeardFacts, SeenFacts {
  readonly readsKeys: RegExp | undefined
}

type Judgement = readonly [
  outcome: HangOutcome,
  culprit: Culprit,
  sentence: string,
  /** Those that it is about, where it is not about all. */
  processors?: readonly SeenProcessor[],
]

/** What QEMU says of a guest that the key gate holds, under `deterministic`. */
const standsToReadKeys = 'debug'

/** Tells why a guest does not print what was awaited. */
export const judgeHang = (facts: HangFacts): Diagnosis => {
  const [outcome, culprit, sentence, processors] =
    judgeHost(facts) ?? judgeEmulator(facts) ?? judgeUnproved(facts) ?? judgeGuest(facts)
  return { outcome, culprit, evidence: evidenceOf(facts, sentence, processors) }
}

/** The same of a machine that nobody can look into: by what was heard. */
export const judgeUnseen = (
  facts: HeardFacts,
  { unseen, trouble, nothingOwn }: Unseen,
): Diagnosis => {
  const blind = `nobody can look into ${unseen}`
  const judgeTrouble = (): Judgement | undefined =>
    trouble === undefined
      ? undefined
      : ['host-failed', 'host', `What was awaited may be lost: ${trouble}.`]
  const judgeStart = (): Judgement | undefined =>
    facts.begun
      ? undefined
      : [
          'waiting-in-loader',
          'bootset',
          `The board has not started what it should boot: ${nothingOwn ?? 'nothing of it has printed a line'}; ${blind}.`,
        ]
  const [outcome, culprit, sentence] = judgeTrouble() ??
    (facts.prints ? stillPrinting(facts) : undefined) ??
    judgePrompt(facts, blind) ??
    judgeStart() ??
    (facts.printed && facts.silence < recently ? stillPrinting(facts) : undefined) ?? [
      'silent',
      facts.lastLine === undefined ? 'bootset' : 'guest',
      `The guest is silent, and ${blind} to tell why: ${silenceText(facts)}.`,
    ]
  const nothing = { samples: 0, halted: 0, interruptsOff: 0, places: [], took: 0 }
  return { outcome, culprit, evidence: { sentence, ...nothing } }
}

/** Less is as good as full: QEMU writes byte by byte and tells nobody when it cannot. */
const fullDisk = 64 * 1024

const judgeHost = ({ examination, processors, role, prints }: HangFacts): Judgement | undefined => {
  const { process, freeSpace, status } = examination
  if (freeSpace !== undefined && freeSpace < fullDisk) {
    const left = freeSpace === 0 ? 'nothing' : formatSize(freeSpace)
    return [
      'host-failed',
      'host',
      `The run folder's disk is full (${left} is left), so what the guest prints on ${role} is lost.`,
    ]
  }
  if (process === 'T' || process === 't') {
    return [
      'host-failed',
      'host',
      `QEMU was stopped by a signal (its process is in state ${process}), so the guest does not run.`,
    ]
  }
  if (!prints && isStarved(examination, processors)) {
    return [
      'host-failed',
      'host',
      `The host gave QEMU ${examination.emulatorTime} ms of processor time in ${formatDuration(examination.took)}, so the guest hardly runs.`,
    ]
  }
  if (status === 'io-error') {
    return [
      'host-failed',
      'host',
      'QEMU paused the machine: the host failed to read or write its disk.',
    ]
  }
  return undefined
}

/** A processor at `hlt` needs no time; another that should run shows nothing without. */
const isStarved = (
  { emulatorTime, status }: Examination,
  processors: readonly SeenProcessor[],
): boolean =>
  status !== standsToReadKeys &&
  processors.some(({ samples }) => samples.every((it) => !it.halted)) &&
  emulatorTime !== undefined &&
  emulatorTime < leastTime

const judgeEmulator = (facts: HangFacts): Judgement | undefined => {
  const { examination, prints } = facts
  const { process, status, samples, took } = examination
  if (process === undefined || process === 'Z') {
    return ['emulator-failed', 'host', "QEMU's process is gone."]
  }
  // A guest that prints runs, though QEMU may be too busy with it to answer.
  if (status === undefined && prints) return stillPrinting(facts)
  if (status === undefined && isWithheld(examination)) {
    const within = formatDuration(took)
    return ['host-failed', 'host', `QEMU did not answer within ${within}: ${whyLate(examination)}.`]
  }
  if (status === undefined) {
    const state = `its process is in state ${process}`
    return [
      'emulator-failed',
      'host',
      `QEMU did not answer within ${formatDuration(took)} (${state}).`,
    ]
  }
  if (status !== 'running' && status !== standsToReadKeys) {
    return ['emulator-failed', 'host', `QEMU does not run the guest: it says that it is ${status}.`]
  }
  if (samples.length === 0) {
    return ['emulator-failed', 'harness', "QEMU's registers could not be read."]
  }
  return undefined
}

/** Judges a guest of which too little was seen: by what it has printed, else not at all. */
const judgeUnproved = (facts: HangFacts): Judgement | undefined => {
  const { examination, processors, prints, prompt, typed } = facts
  const { status, took } = examination
  // At the key gate the guest stands still, and one sample is as good as many.
  if (status === standsToReadKeys) return undefined
  const fewest = Math.min(...processors.map(({ samples }) => samples.length))
  if (fewest >= leastSamples) return undefined
  if (prints) return stillPrinting(facts)
  // Only samples show whether a program that has got keys still reads them.
  const needsSamples = prompt?.kind === 'input' && typed
  const waiting = needsSamples ? undefined : judgePrompt(facts, whereText(facts))
  if (waiting !== undefined) return waiting
  const only = `Only ${fewest} of the ${leastSamples} samples that prove what the guest does were taken in ${formatDuration(took)}`
  return [
    isWithheld(examination) ? 'host-failed' : 'emulator-failed',
    'host',
    `${only}: ${whyLate(examination)}.`,
  ]
}

/** Whether the host kept QEMU, or us, from running for a good part of the examination. */
const isWithheld = ({ withheld, took }: Examination): boolean =>
  totalWithheld(withheld) > 0.25 * took

/** In clauses. */
const whyLate = (examination: Examination): string => {
  if (!isWithheld(examination)) return 'QEMU answers too slowly'
  const { waited, throttled, stolen } = examination.withheld
  const causes = [
    [waited, 'of waiting for a processor'],
    [throttled, 'of being throttled by a CPU quota of its cgroup'],
    [stolen, 'stolen by the hypervisor of this host'],
  ] as const
  const counted = causes.filter(([time]) => time >= 1)
  const texts = counted.map(([time, what]) => `${formatDuration(time)} ${what}`)
  return `the host did not run it for long enough (${texts.join(', ')})`
}

/** A guest that has printed so recently, in milliseconds, may be about to go on. */
const recently = 1_000

const judgeGuest = (facts: HangFacts): Judgement => {
  const where = whereText(facts)
  // Also one that the guest has never started stands so, where the firmware has left it.
  const awake = facts.processors.filter((it) => !isDead(it))
  if (awake.length === 0) {
    return [
      'halted',
      'guest',
      `The guest has halted with interrupts off, which is for ever: ${where}.`,
    ]
  }
  if (facts.prints) return stillPrinting(facts)
  const waiting = isStuck(facts, awake)
    ? undefined
    : (judgePrompt(facts, where) ?? judgeKeys(facts, awake, where))
  if (waiting !== undefined) return waiting
  if (isInFirmware(facts, awake)) {
    return [
      'waiting-in-loader',
      'bootset',
      `The guest is still in its firmware or loader: ${where}, and nothing that was booted has printed a line.`,
    ]
  }
  const spinning = awake.filter(goesRound)
  // What one waits for in a loop may be what another is about to do.
  if (spinning.length > 0 && awake.every((it) => spinning.includes(it) || idles(it))) {
    const on = facts.processors.length === 1 ? '' : ` on ${namesOf(spinning)}`
    return ['spinning', 'guest', `The guest spins${on}: ${where}.`, spinning]
  }
  if (facts.printed && facts.silence < recently) return stillPrinting(facts)
  return judgeSilence(facts, awake, where)
}

const idles = ({ samples }: SeenProcessor): boolean =>
  isMost(samples.filter((it) => it.halted).length, samples.length)

const stillPrinting = ({ role, silence }: HeardFacts): Judgement => [
  'still-printing',
  'guest',
  `The guest still prints on ${role}, the last time ${formatDuration(silence)} ago: not what was awaited, or not yet.`,
]

const promptSentences = {
  debugger: 'The guest waits in its kernel debugger',
  input: 'The guest waits for input',
  loader: 'The boot loader waits for a key',
} as const

const promptOutcomes = {
  debugger: 'waiting-in-debugger',
  input: 'waiting-for-input',
  loader: 'waiting-in-loader',
} as const

const judgePrompt = ({ prompt, role, typed }: HeardFacts, where: string): Judgement | undefined => {
  if (prompt === undefined) return undefined
  const { kind } = prompt
  const keys = typed ? ', which has not answered the keys that were typed behind it' : ''
  const line = visibleText(prompt.line.replaceAll('\r', ''))
  const whose = prompt.role === role ? 'its last line' : `the last line of ${prompt.role}`
  const culprit = {
    debugger: 'guest',
    input: typed ? 'guest' : 'usage',
    loader: 'bootset',
  } as const
  return [
    promptOutcomes[kind],
    culprit[kind],
    `${promptSentences[kind]}: ${whose} is "${line}"${keys}; ${where}.`,
  ]
}

/** A program that reads keys without a prompt is known by where it does. */
const judgeKeys = (
  { typed, readsKeys }: HangFacts,
  awake: readonly SeenProcessor[],
  where: string,
): Judgement | undefined => {
  if (!awake.some((it) => isReading(it, readsKeys))) return undefined
  return ['waiting-for-input', typed ? 'guest' : 'usage', `The guest waits for input: ${where}.`]
}

const isReading = (
  { clusters, samples }: SeenProcessor,
  readsKeys: HangFacts['readsKeys'],
): boolean => {
  const reads = clusters.filter(({ places }) =>
    places.some((it) => readsKeys?.test(it.symbol ?? '')),
  )
  return areMost(reads, samples.length)
}

/** Whether a program that does not answer keys is in a loop of its own, in which it reads none. */
const isStuck = (
  { prompt, typed, readsKeys }: HangFacts,
  awake: readonly SeenProcessor[],
): boolean =>
  prompt?.kind === 'input' &&
  typed &&
  !awake.some((it) => isReading(it, readsKeys)) &&
  awake.some((it) => {
    const [busiest] = it.clusters
    const routine = busiest?.places.find(({ symbol }) => symbol !== undefined)?.symbol
    return (
      busiest?.samples[0]?.ring === 3 &&
      routine !== undefined &&
      readsKeys?.test(routine) !== true &&
      goesRound(it)
    )
  })

/** The first mebibyte is where a PC's firmware and GRUB Legacy run, in ring 0. */
const isInFirmware = ({ begun }: HangFacts, awake: readonly SeenProcessor[]): boolean => {
  const samples = awake.flatMap((it) => it.samples)
  const low = samples.filter(
    (it) => it.ring === 0 && it.address >= 0 && it.address < 0x10_0000,
  ).length
  return !begun && isMost(low, samples.length)
}

/** A timer's interrupt may be met now and then. */
const isMost = (count: number, all: number): boolean => count >= 0.9 * all

const areMost = (clusters: readonly Cluster[], all: number): boolean =>
  isMost(clusters.flatMap((it) => it.samples).length, all)

/** Whether nearly all samples lie in one loop, or at the same few instructions of several routines. */
const goesRound = ({ clusters, samples }: SeenProcessor): boolean => {
  const running = clusters.filter((it) => it.samples.every((sample) => !sample.halted))
  return areMost(running.slice(0, 3), samples.length)
}

const judgeSilence = (
  facts: HangFacts,
  awake: readonly SeenProcessor[],
  where: string,
): Judgement => {
  const { lastLine, begun, examination } = facts
  const { interrupts, span } = examination
  const does = awake.every(idles) ? 'it idles, with interrupts on' : 'it runs'
  const came =
    interrupts === undefined
      ? ''
      : `, ${interrupts} interrupts of devices came in ${formatDuration(span)}`
  const speaksHere = begun && lastLine !== undefined
  const hint = speaksHere
    ? ''
    : ' It may print elsewhere: see its console= and the serial port that it names.'
  return [
    'silent',
    speaksHere ? 'guest' : 'bootset',
    `The guest is alive but silent: ${does} (${where}${came}), and ${silenceText(facts)}.${hint}`,
  ]
}

const silenceText = ({ role, lastLine, silence }: HeardFacts): string =>
  lastLine === undefined
    ? `${role} has printed nothing at all`
    : `${role} has printed nothing for ${formatDuration(silence)}`
