import type { Dump } from '../dumps/dumps-in.ts'
import type { CodeAddress } from '../dumps/code-address.ts'
import { hexOf, type Hex } from '../dumps/hex.ts'
import { pistachioProfile } from '../kernel/pistachio.ts'
import type { ToldInstruction } from './crash-facts.ts'
import { threadClass } from './thread-classes.ts'

/** One thing that a dump tells, in words or as an address to be looked up. */
export interface DumpFact {
  readonly name: string
  readonly text?: string
  readonly at?: ToldInstruction
  /** It may be any number: it is told only where it lies in code. */
  readonly isGuess?: boolean
}

/** What a dump tells a person who knows the kernel: its addresses, and its figures in words. */
export const dumpFacts = (dump: Dump): readonly DumpFact[] => {
  if (dump.system === 'pistachio') {
    if (dump.kind === 'exception-frame') return frameFacts(dump)
    if (dump.kind === 'thread') return threadFacts(dump)
    if (dump.kind === 'ready-queue') return queueFacts(dump)
    if (dump.kind === 'memory') return memoryFacts(dump)
    if (dump.kind === 'kernel-interface-page') return pageFacts(dump)
    if (dump.kind === 'kernel-memory') return kernelMemoryFacts(dump)
  }
  if (dump.system === 'gnumach' && dump.kind === 'memory')
    return wordFacts(Number(dump.address), dump.words)
  if (dump.system === 'gnumach' && dump.kind === 'call-trace')
    return callFacts(dump.callTrace.map(({ at }) => at))
  if (dump.system === 'fiasco' && dump.kind === 'thread') return jdbThreadFacts(dump)
  const ip = 'ip' in dump ? dump.ip : undefined
  if (ip === undefined) return []
  const at = typeof ip === 'string' ? { address: ip } : namedAt(ip)
  const calls = dump.system === 'xen' && dump.kind === 'registers' ? dump.callTrace : undefined
  return [
    { name: 'instruction', at },
    // The first one is the instruction itself.
    ...callFacts(calls?.slice(1).filter(({ unsure }) => !unsure) ?? []),
  ]
}

/** A place, with the name that stood beside it. */
const namedAt = (place: CodeAddress): ToldInstruction => ({
  address: place.address,
  ...(place.symbol !== undefined && { named: place }),
})

/** Who called, the last call first; where there is only a name, the dump has said it. */
const callFacts = (calls: readonly CodeAddress[]): DumpFact[] =>
  calls
    .filter(({ address }) => address !== undefined)
    .map((it) => ({ name: 'called by', at: { ...namedAt(it), isBehind: true } }))

type DumpOf<K> = Extract<Dump, { readonly system: 'pistachio'; readonly kind: K }>

/** What is known, under its name. */
const told = (name: string, text: string | undefined): DumpFact[] =>
  text === undefined || text === '' ? [] : [{ name, text }]

const frameFacts = ({
  ip,
  errorCode,
  registers,
  decoded,
}: DumpOf<'exception-frame'>): DumpFact[] => {
  const { ring, flags, trap } = decoded
  return [
    { name: 'instruction', at: { address: ip, ring } },
    ...told(
      'ring',
      ring === undefined ? undefined : `${ring}, ${ring === 0 ? 'the kernel' : 'a program'}`,
    ),
    ...told('trap', trap && `${trap.name} (${trap.mnemonic}), error code ${errorCode}`),
    ...told(
      'flags',
      flags &&
        `${[flags.set.join(', ') || 'none', flags.set.includes('IF') ? undefined : 'interrupts off'].filter(Boolean).join('; ')}; I/O privilege level ${flags.ioPrivilegeLevel}`,
    ),
    ...Object.entries(registers)
      .filter(([name]) => generalRegister.test(name))
      .map(([name, value]) => ({ name, at: { address: value, ring }, isGuess: true })),
  ]
}

/** Of the kernel's own frames the segment registers are what lay on the stack. */
const generalRegister = /^e[a-d]x$|^e[sd]i$|^ebp$/

const threadFacts = (dump: DumpOf<'thread'>): DumpFact[] => {
  const { ip, state, priority, pager, partner, timeslice, timesliceLeft, decoded } = dump
  return [
    ...(ip === undefined ? [] : [{ name: 'instruction', at: { address: ip, ring: 3 } }]),
    ...told('state', state),
    ...told('queues', decoded.queues && (decoded.queues.join(', ') || 'none')),
    ...told('priority', priority === undefined ? undefined : priorityText(priority)),
    ...told('pager', pager),
    ...told('partner', partner),
    ...told(
      'timeslice',
      timeslice === undefined
        ? undefined
        : [`${timeslice} µs`, timesliceLeft === undefined ? '' : `${timesliceLeft} µs of it left`]
            .filter(Boolean)
            .join(', '),
    ),
  ]
}

/** Tasks have address spaces of their own, and no file says whose program is whose: only the kernel is looked up. */
const jdbThreadFacts = (dump: Extract<Dump, { system: 'fiasco'; kind: 'thread' }>): DumpFact[] => {
  const { ip, trap, used, states, space } = dump
  return [
    ...(ip !== undefined && trap?.mode === 'kernel'
      ? [{ name: 'instruction', at: { address: ip, ring: 0 } }]
      : told(
          'instruction',
          ip && `${ip}${space === undefined ? '' : `, in task ${Number(space).toString(16)}`}`,
        )),
    ...told('state', states.join(', ')),
    ...told('used', used),
  ]
}

const classes = pistachioProfile.threadClasses ?? []

const priorityText = (priority: number): string => `${priority} (${threadClass(priority, classes)})`

const queueFacts = ({ queues, idle }: DumpOf<'ready-queue'>): DumpFact[] => [
  ...queues.flatMap(({ priority, threads }) =>
    told(
      `${priority}`,
      [
        threads.map(({ thread, ready }) => (ready ? thread : `${thread} (not ready)`)).join(', '),
        threadClass(priority, classes),
      ].join('; '),
    ),
  ),
  ...told('idle', idle),
]

const bytesOfWord = 4

const memoryFacts = ({ rows }: DumpOf<'memory'>): DumpFact[] =>
  rows.flatMap(({ address, words }) =>
    words.length === bytesOfWord ? wordFacts(Number(address), words) : [],
  )

/** The words that may be return addresses, by where they lie. */
const wordFacts = (from: number, words: readonly (Hex | null)[]): DumpFact[] =>
  words.flatMap((word, index) =>
    word === null
      ? []
      : [
          {
            name: hexOf(from + bytesOfWord * index),
            at: { address: word, isBehind: true },
            isGuess: true,
          },
        ],
  )

const pageFacts = (dump: DumpOf<'kernel-interface-page'>): DumpFact[] => [
  ...told('kernel', [dump.supplier, dump.version].filter(Boolean).join(': ')),
  ...told('built', dump.generated),
  ...dump.rootServers
    .filter(({ ip }) => Number(ip) !== 0)
    .map(({ name, ip }) => ({ name, at: { address: ip, ring: 3 } })),
  ...dump.processors.flatMap(({ processor, internalMHz }) =>
    told(`cpu ${processor}`, `${internalMHz} MHz`),
  ),
  ...told('features', dump.features.join(', ')),
]

const kernelMemoryFacts = ({
  freeChunks,
  chunkSize,
  longestRun,
  groups,
}: DumpOf<'kernel-memory'>): DumpFact[] => [
  ...told(
    'free',
    freeChunks === undefined || chunkSize === undefined
      ? undefined
      : `${freeChunks} pieces of ${chunkSize} bytes${longestRun === undefined ? '' : `, at most ${longestRun} of them in a row`}`,
  ),
  ...told(
    'used by',
    groups
      .filter(({ size }) => size > 0)
      .map(({ name, size, unit }) => `${name} ${size} ${unit}`)
      .join(', '),
  ),
]
