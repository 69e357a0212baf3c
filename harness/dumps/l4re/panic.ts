import { hexIf, numberIf, type Hex } from '../hex.ts'
import { match } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** Fiasco gave up: a panic or a failed assertion. */
export interface FiascoPanic extends Told {
  readonly system: 'fiasco'
  readonly kind: 'panic'
  readonly message: string | undefined
  /** Of an assertion. */
  readonly expression: string | undefined
  readonly file: string | undefined
  readonly line: number | undefined
  /** Behind the call that found the assertion false. */
  readonly caller: Hex | undefined
}

// From source, without a recording: src/kern/assertion.cpp, kernel_panic.cc and boot/bootstrap.cc of Fiasco, whose
// assertions tell their caller since some later version, and the older form of kernel_panic.cc in three lines.
const assertion =
  /^(?:Panic: )?Assertion failed at (?<file>[^\s:]{1,300}):(?<line>\d{1,6})(?::(?:0x)?(?<caller>[0-9a-f]{4,16}))?: (?<expression>\S.{0,500}?) *$/
const oldAssertion = /^Assertion failed: '(?<expression>.{1,500})'$/
const oldPlace = /^ {2}in (?<file>[^\s:]{1,300}):(?<line>\d{1,6})$/
const oldCaller = /^ {2}at (?:0x)?(?<caller>[0-9a-f]{4,16})$/
const panic = /^Panic: (?<message>\S.{0,500}?) *$/

export const readFiascoPanic: DumpReader<FiascoPanic> = (lines, at) => {
  const text = lines[at]?.text
  const failed = match<'file' | 'line' | 'caller' | 'expression'>(assertion, text)
  if (failed !== undefined) return panicOf(failed, at + 1)
  const old = match<'expression'>(oldAssertion, text)
  const place = old && match<'file' | 'line'>(oldPlace, lines[at + 1]?.text)
  if (place !== undefined) {
    const caller = match<'caller'>(oldCaller, lines[at + 2]?.text)
    return panicOf({ ...old, ...place, ...caller }, caller === undefined ? at + 2 : at + 3)
  }
  const said = match<'message'>(panic, text)
  return said && panicOf(said, at + 1)
}

const panicOf = (
  { message, expression, file, line, caller }: Partial<Record<string, string>>,
  end: number,
): ReturnType<typeof readFiascoPanic> => ({
  dump: {
    system: 'fiasco',
    kind: 'panic',
    stop: true,
    summary:
      expression === undefined
        ? `the kernel panicked: ${message}`
        : `assertion "${expression}" failed at ${file}:${line}`,
    message,
    expression,
    file,
    line: numberIf(line),
    caller: hexIf(caller),
  },
  end,
})
