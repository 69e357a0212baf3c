import { hex, type Hex } from '../hex.ts'
import { match, matches, blockOf } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'
import { flagsOf, ringOf, trapNamed, type Flags, type Trap } from '../x86.ts'

/** Registers as an exception saved them (KDB's ` ` and `F`, and before its `#GP`). */
export interface ExceptionFrame extends Told {
  readonly system: 'pistachio'
  readonly kind: 'exception-frame'
  /** The interrupted instruction; KDB calls it `fault addr`. */
  readonly ip: Hex
  /** Means nothing where the kernel itself was interrupted. */
  readonly sp: Hex
  /** Means nothing unless the exception has one: a debugger entry leaves here what lay on the stack. */
  readonly errorCode: Hex
  /** Where the frame lies. */
  readonly frame: Hex
  /** By their names in small letters, EFLAGS as `efl`. */
  readonly registers: Readonly<Record<string, Hex>>
  readonly decoded: {
    readonly flags: Flags | undefined
    /** From 0 (the kernel) to 3. */
    readonly ring: number | undefined
    /** Which exception it was, where the lines behind say so. */
    readonly trap: Trap | undefined
  }
}

const heading =
  /fault addr: {1,8}(?<ip>[0-9a-f]{1,8})\tstack: {1,8}(?<sp>[0-9a-f]{1,8})\terror code: (?<errorCode>[0-9a-f]{1,8}) frame: (?<frame>[0-9a-f]{8})$/
const registerLine =
  /^\t(?:e?[a-z]{2,3}) ?: +[0-9a-f]{1,8}\t(?:e?[a-z]{2,3}) ?: +[0-9a-f]{1,8}(?: \[\w+\])?$/

export const readExceptionFrame: DumpReader<ExceptionFrame> = (lines, at) => {
  const head = match<'ip' | 'sp' | 'errorCode' | 'frame'>(heading, lines[at]?.text)
  if (head === undefined) return undefined
  const { text, end } = blockOf(lines, at + 1, registerLine, 10)
  const registers = Object.fromEntries(
    matches<'name' | 'value'>(/\t(?<name>\w+) ?: +(?<value>[0-9a-f]+)/g, text).map(
      ({ name, value }) => [name, hex(value)] as const,
    ),
  )
  const { efl, cs } = registers
  const ring = cs && ringOf(cs)
  const mnemonic = match<'mnemonic'>(/^--- "KD# (?<mnemonic>#\w+)" ---$/, lines[end]?.text)
  const trap = mnemonic && trapNamed(mnemonic.mnemonic)
  return {
    dump: {
      system: 'pistachio',
      kind: 'exception-frame',
      stop: trap !== undefined,
      summary: [
        ring === undefined ? '' : ring === 0 ? 'the kernel' : 'a program',
        `at ${head.ip}`,
        trap && `stopped by a ${trap.name}, error code ${head.errorCode}`,
      ]
        .filter(Boolean)
        .join(' '),
      ip: hex(head.ip),
      sp: hex(head.sp),
      errorCode: hex(head.errorCode),
      frame: hex(head.frame),
      registers,
      decoded: { flags: efl && flagsOf(efl), ring, trap },
    },
    end,
  }
}
