import { hex, type Hex } from '../hex.ts'
import { blockOf, matches } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** The control registers (KDB's `a c`). */
export interface ControlRegisters extends Told {
  readonly system: 'pistachio'
  readonly kind: 'control-registers'
  /** By name in small letters; `cr2` is the address of the last page fault. */
  readonly registers: Readonly<Record<string, Hex>>
}

export const readControlRegisters: DumpReader<ControlRegisters> = (lines, at) => {
  if (!/^CR0: +[0-9a-f]{1,8}$/.test(lines[at]?.text ?? '')) return undefined
  const { text, end } = blockOf(lines, at, /^CR[0234]: +[0-9a-f]{1,8}$/, 4)
  const registers = Object.fromEntries(
    matches<'name' | 'value'>(/^(?<name>CR\d): +(?<value>[0-9a-f]+)$/gm, text).map(
      ({ name, value }) => [name.toLowerCase(), hex(value)] as const,
    ),
  )
  const { cr2 } = registers
  return {
    dump: {
      system: 'pistachio',
      kind: 'control-registers',
      stop: false,
      summary: cr2 === undefined ? 'control registers' : `the last page fault was at ${cr2}`,
      registers,
    },
    end,
  }
}
