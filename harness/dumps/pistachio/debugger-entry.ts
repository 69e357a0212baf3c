import { hexIf, type Hex } from '../hex.ts'
import { match, type Lines } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'
import { faultAt, type Fault, type ReadFault } from './fault.ts'

/** The banner of the kernel debugger. */
export interface DebuggerEntry extends Told {
  readonly system: 'pistachio'
  readonly kind: 'debugger-entry'
  /** The text of the entry, without the kernel's mark `KD# `. */
  readonly message: string
  /** Where the entering instruction lies: in the kernel for its own entries, so not the fault's address. */
  readonly ip: Hex | undefined
  /** Means nothing in the kernel's own entries. */
  readonly sp: Hex | undefined
  /** What the kernel said right before. */
  readonly fault: Fault | undefined
  readonly decoded: {
    /** Who entered it; `break-in` is a key or a break from outside. */
    readonly by: 'kernel' | 'program' | 'break-in'
  }
}

const kernelMark = 'KD# '
const mostLines = 20
/** Different faults that are looked through for a banner. */
const mostFaults = 9

/** Reads the banner, with the fault lines before it where there are any. */
export const readDebuggerEntry: DumpReader<DebuggerEntry> = (lines, at) => {
  const said = faultsAt(lines, at)
  const banner = bannerAt(lines, said.at(-1)?.end ?? at)
  if (banner === undefined) return undefined
  // Of several assertions before its banner the last one is the reason; the others are stops of their own.
  const isAssertion = banner.message === `${kernelMark}assert`
  if (isAssertion && said.length > 1) return undefined
  const fault = said.find((it) => isAssertion || it.fault.fault !== 'assertion')
  const others = said.filter((it) => it !== fault)
  const byKernel = banner.message.startsWith(kernelMark)
  const message = byKernel ? banner.message.slice(kernelMark.length) : banner.message
  const by = !byKernel ? 'program' : /^break(?:in)?$/.test(message) ? 'break-in' : 'kernel'
  const who = {
    kernel: `the kernel entered its debugger: ${message}`,
    program: `a program entered the kernel debugger: "${message}"`,
    'break-in': 'the kernel debugger was entered from outside',
  }[by]
  return {
    dump: {
      system: 'pistachio',
      kind: 'debugger-entry',
      stop: true,
      summary: [fault?.says, who, ...new Set(others.map((it) => `meanwhile ${it.says}`))]
        .filter(Boolean)
        .join('; '),
      message,
      ip: hexIf(banner.ip),
      sp: hexIf(banner.sp),
      fault: fault?.fault,
      decoded: { by },
    },
    end: banner.end,
  }
}

/** A fault, and assertions behind it: of another processor, which entering the debugger interrupts. */
const faultsAt = (lines: Lines, at: number): ReadFault[] => {
  const found: ReadFault[] = []
  let next = faultAt(lines, at)
  while (next !== undefined && found.length < mostFaults) {
    found.push(next)
    next = faultAt(lines, next.end)
    if (next?.fault.fault !== 'assertion') break
  }
  return found
}

/** The quoted text is the guest's own and may run over several lines. */
const bannerAt = (
  lines: Lines,
  at: number,
): { message: string; ip: string; sp: string; end: number } | undefined => {
  const opening = match<'message' | 'close'>(
    /--- "(?<message>.*?)(?<close>" ---)?$/,
    lines[at]?.text,
  )
  if (opening === undefined) return undefined
  const said = [opening.message]
  let end = at + 1
  for (let closed = opening.close !== ''; !closed && end < at + mostLines; end += 1) {
    const text = lines[end]?.text
    // A banner whose end is lost is read as far as it is sure.
    if (text === undefined || end === at + mostLines - 1) {
      said.splice(1)
      end = at + 1
      break
    }
    closed = text.endsWith('" ---')
    said.push(closed ? text.slice(0, -'" ---'.length) : text)
  }
  const registers = match<'ip' | 'sp'>(
    /^-{33} \(eip=(?<ip>[0-9a-f]{8}), esp=(?<sp>[0-9a-f]{8})\) ---$/,
    lines[end]?.text,
  )
  return {
    message: said.join('\n'),
    ip: registers?.ip ?? '',
    sp: registers?.sp ?? '',
    end: registers ? end + 1 : end,
  }
}
