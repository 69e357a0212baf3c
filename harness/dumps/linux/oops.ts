import { describeAddress } from '../code-address.ts'
import { hex, hexIf, numberIf, type Hex } from '../hex.ts'
import { match, type Lines } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'
import {
  describePageFaultError,
  pageFaultError,
  ringOf,
  type Flags,
  type PageFaultError,
} from '../x86.ts'
import { flagsIn, stateIn, stateLine, type LinuxState } from './registers.ts'

/** Linux' kernel failed, or warns of itself. */
export interface LinuxOops extends LinuxState, Told {
  readonly system: 'linux'
  readonly kind: 'oops' | 'warning'
  /** Its first line. */
  readonly title: string
  /** The address that was touched. */
  readonly address: Hex | undefined
  readonly errorCode: Hex | undefined
  /** Which oops since the boot. */
  readonly number: number | undefined
  /** Where the kernel's own check stands. */
  readonly file: string | undefined
  readonly line: number | undefined
  readonly decoded: {
    readonly flags: Flags | undefined
    readonly ring: number | undefined
    readonly pageFault: PageFaultError | undefined
  }
}

const titles: readonly RegExp[] = [
  /^BUG: (?:kernel NULL pointer dereference|unable to handle (?:kernel|page fault)|soft lockup|workqueue lockup|sleeping function|scheduling while)/,
  /^Unable to handle kernel (?:NULL pointer dereference|paging request)/,
  /^(?:general protection fault|divide error|invalid opcode|double fault|stack segment|int3|traps: PANIC|alignment check)[^:]{0,200}: [0-9a-f]{1,4}(?: \[#\d+\]|$)/,
  /^kernel BUG at /,
  /^(?:watchdog: BUG: |NMI watchdog: (?:BUG: |Watchdog detected hard LOCKUP))/,
  /^WARNING: CPU: \d+ PID: \d+ at /,
  /^Oops: [0-9a-f]{1,4}\b/,
]
const mostLines = 150

export const readLinuxOops: DumpReader<LinuxOops> = (lines, at) => {
  const title = lines[at]?.text ?? ''
  if (!titles.some((it) => it.test(title))) return undefined
  const end = endOf(lines, at)
  const text = lines
    .slice(at, end)
    .map((it) => it.text)
    .join('\n')
  const state = stateIn(text)
  const oops = match<'code' | 'number'>(
    /^(?:Oops|general protection fault.{0,200}|divide error|invalid opcode|double fault|stack segment|int3|alignment check): (?<code>[0-9a-f]{1,4})(?: \[#(?<number>\d+)\])?/m,
    text,
  )
  const address = match<'it'>(
    /(?:address:?|at virtual address) (?:0x)?(?<it>[0-9a-f]{8,16})\b/,
    title,
  )
  const place = match<'file' | 'line'>(
    /^(?:kernel BUG at |WARNING: CPU: \d+ PID: \d+ at )(?<file>\S{1,200}):(?<line>\d{1,6})\b/m,
    text,
  )
  const isPageFault = /paging request|NULL pointer|page fault/.test(title)
  const errorCode = hexIf(oops?.code)
  const pageFault = isPageFault && errorCode !== undefined ? pageFaultError(errorCode) : undefined
  const warns = title.startsWith('WARNING: ')
  return {
    dump: {
      system: 'linux',
      kind: warns ? 'warning' : 'oops',
      stop: !warns,
      summary: [
        `Linux ${warns ? 'warns' : 'failed'}: ${title.trimEnd()}`,
        pageFault && `(${describePageFaultError(pageFault)})`,
        state.ip && `at ${describeAddress(state.ip)}`,
        state.command && `in process ${state.pid}, ${state.command}`,
      ]
        .filter(Boolean)
        .join(' '),
      title: title.trimEnd(),
      address: address && hex(address.it),
      errorCode,
      number: numberIf(oops?.number),
      file: place?.file,
      line: numberIf(place?.line),
      ...state,
      decoded: {
        flags: flagsIn(state),
        ring: state.codeSegment && ringOf(state.codeSegment),
        pageFault,
      },
    },
    end,
  }
}

/** The line behind the oops: its end mark, a panic, the next oops, or what has another form. */
const endOf = (lines: Lines, at: number): number => {
  let end = at + 1
  for (let next = at + 1; next < lines.length && next < at + mostLines; next += 1) {
    const text = lines[next]?.text ?? ''
    if (text.startsWith('---[ end trace')) return next + 1
    if (/^ ?(?:<0>)?Kernel panic|^WARNING: |^---\[ end Kernel/.test(text)) break
    if (stateLine.test(text)) end = next + 1
    else if (text.trim() !== '' && next > at + 6) break
  }
  return end
}
