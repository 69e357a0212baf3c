import { hexIf, type Hex } from '../hex.ts'
import { match, type Lines } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'
import { describePageFaultError, pageFaultError, type PageFaultError } from '../x86.ts'

/** Xen gave up, or its first domain did. */
export interface XenPanic extends Told {
  readonly system: 'xen'
  readonly kind: 'panic'
  /** Of the processor that panicked. */
  readonly cpu: number | undefined
  readonly message: string
  readonly errorCode: Hex | undefined
  /** The address of a page fault. */
  readonly address: Hex | undefined
  readonly decoded: { readonly pageFault: PageFaultError | undefined }
}

const mostLines = 12

export const readXenPanic: DumpReader<XenPanic> = (lines, at) => {
  const text = lines[at]?.text
  const domain = match<'message'>(
    /^(?<message>Hardware Dom\d+ (?:crashed|shutdown)\b.{0,120})$/,
    text,
  )
  if (domain !== undefined)
    return {
      dump: {
        system: 'xen',
        kind: 'panic',
        stop: true,
        summary: `the first domain failed: ${domain.message}`,
        cpu: undefined,
        message: domain.message,
        errorCode: undefined,
        address: undefined,
        decoded: { pageFault: undefined },
      },
      end: at + 1,
    }
  const cpu = match<'cpu'>(/^Panic on CPU (?<cpu>\d{1,4}):$/, text)?.cpu
  if (cpu === undefined) return undefined
  const end = endOf(lines, at + 1)
  const message = lines
    .slice(at + 1, end)
    .map((it) => it.text.trim())
    .filter((it) => it !== '')
    .join('\n')
  const errorCode = hexIf(match<'it'>(/^\[error_code=(?<it>[0-9a-f]{4})\]$/m, message)?.it)
  const pageFault =
    errorCode !== undefined && /PAGE FAULT/.test(message) ? pageFaultError(errorCode) : undefined
  return {
    dump: {
      system: 'xen',
      kind: 'panic',
      stop: true,
      summary: [
        `Xen panicked on processor ${cpu}: ${message.replaceAll('\n', ', ')}`,
        pageFault && `(${describePageFaultError(pageFault)})`,
      ]
        .filter(Boolean)
        .join(' '),
      cpu: Number(cpu),
      message,
      errorCode,
      address: hexIf(match<'it'>(/^Faulting linear address: (?<it>[0-9a-f]{16})$/m, message)?.it),
      decoded: { pageFault },
    },
    end,
  }
}

/** A line of stars ends the message. */
const endOf = (lines: Lines, at: number): number => {
  for (let next = at; next < Math.min(lines.length, at + mostLines); next += 1)
    if (/^\*{10,}$/.test(lines[next]?.text ?? '')) return next
  return Math.min(lines.length, at + 1)
}
