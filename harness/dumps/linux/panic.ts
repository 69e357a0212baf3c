import { describeAddress } from '../code-address.ts'
import { blockOf, match } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'
import { ringOf } from '../x86.ts'
import { stateIn, stateLine, type LinuxState } from './registers.ts'

/** Linux gave up. */
export interface LinuxPanic extends LinuxState, Told {
  readonly system: 'linux'
  readonly kind: 'panic'
  readonly message: string
  readonly decoded: {
    /** What it comes down to, for the panics of a boot. */
    readonly meaning: string | undefined
    /** Of the registers shown: 3 where they are a program's. */
    readonly ring: number | undefined
  }
}

// Linux 2.4 prints no "not syncing", and the first letter of a level may stand before it.
const panic = /^ ?(?:<0>)?Kernel panic(?: - not syncing)?: (?<message>\S.{0,500})$/
const aftermath = new RegExp(`${stateLine.source}|^<0>|^Rebooting in `)

const meanings: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [
    /^VFS: Unable to mount root fs on/,
    'nothing could be mounted as root: root= names no such device, its driver is missing, or it holds no known file system',
  ],
  [
    /^(?:No init found|No working init found)/,
    'the root file system has no program that could be the first one',
  ],
  [/^Requested init \S+ failed/, 'the program that init= names cannot be started'],
  [/^Attempted to kill init/, 'the first program ended; it must run for ever'],
  [/^Attempted to kill the idle task/, 'the kernel failed while it had nothing to do'],
  [/^Fatal exception/, 'the kernel failed where it cannot go on, such as in an interrupt'],
]

export const readLinuxPanic: DumpReader<LinuxPanic> = (lines, at) => {
  const message = match<'message'>(panic, lines[at]?.text)?.message.trimEnd()
  if (message === undefined) return undefined
  const { text, end } = blockOf(lines, at + 1, aftermath, 120)
  // A second failure, such as the warning of a kernel that blinks for ever, is one of its own.
  const warning = /^(?:WARNING: |BUG: |Oops: )/m.exec(text)
  const own = warning === null ? text : text.slice(0, warning.index)
  const state = stateIn(own)
  const meaning = meanings.find(([pattern]) => pattern.test(message))?.[1]
  return {
    dump: {
      system: 'linux',
      kind: 'panic',
      stop: true,
      summary: [
        `Linux panicked: ${message}`,
        meaning && `(${meaning})`,
        state.command && `in process ${state.pid}, ${state.command}`,
        callerIn(state),
      ]
        .filter(Boolean)
        .join(' '),
      message,
      ...state,
      decoded: { meaning, ring: state.codeSegment && ringOf(state.codeSegment) },
    },
    end: Math.max(at + 1, warning === null ? end : at + 1 + own.split('\n').length - 1),
  }
}

/** Who called panic. */
const callerIn = ({ callTrace = [] }: LinuxState): string | undefined => {
  const named = callTrace.filter(({ symbol }) => symbol !== undefined)
  const known = named.filter(({ unsure }) => !unsure)
  const sure = known.length === 0 ? named : known
  const panicked = sure.findIndex(({ symbol }) => symbol === 'panic')
  const caller = panicked === -1 ? undefined : sure[panicked + 1]
  return caller && `from ${describeAddress(caller)}`
}
