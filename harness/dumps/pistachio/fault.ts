import { hexIf, numberIf, type Hex } from '../hex.ts'
import { match, type Lines } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'
import { trapNamed, trapOf, type Trap } from '../x86.ts'

/** What L4Ka::Pistachio says of a fault before it enters its debugger. */
export interface Fault {
  readonly fault:
    | 'invalid-opcode'
    | 'exception'
    | 'user-page-fault'
    | 'kernel-page-fault'
    | 'unhandled-page-fault'
    | 'assertion'
    | 'panic'
    | 'memory-descriptors'
    | 'unknown-debugger-operation'
  /** The thread: its control block or its name, as printed. */
  readonly thread: string | undefined
  readonly ip: Hex | undefined
  /** The address that was touched. */
  readonly address: Hex | undefined
  readonly space: Hex | undefined
  /** The number of the exception. */
  readonly vector: number | undefined
  /** What was asserted. */
  readonly expression: string | undefined
  readonly file: string | undefined
  readonly line: number | undefined
  /** The kernel's function, as a name or an address. */
  readonly function: string | undefined
  readonly message: string | undefined
  readonly decoded: { readonly trap: Trap } | undefined
}

export interface PistachioFault extends Fault, Told {
  readonly system: 'pistachio'
  readonly kind: 'fault'
}

interface Form {
  readonly fault: Fault['fault']
  readonly pattern: RegExp
  readonly trap?: string
  readonly says: (groups: Record<string, string>) => string
}

const placeOf = (address: string | undefined, ip: string | undefined): string =>
  [address && `at address ${address}`, ip && `by the instruction at ${ip}`]
    .filter(Boolean)
    .join(' ')

// kernel/src: glue/v4-x86/exception.cc, api/v4/space.cc, generic/debug.h, api/v4/kernelinterface.cc.
// A line may begin behind what the guest had printed of another.
const forms: readonly Form[] = [
  {
    fault: 'invalid-opcode',
    pattern: /\b(?<thread>[0-9a-f]{8}): invalid opcode at IP (?<ip>[0-9a-f]{8})$/,
    trap: '#UD',
    says: ({ thread, ip }) => `invalid opcode at ${ip} in the thread of control block ${thread}`,
  },
  {
    fault: 'exception',
    pattern: /Unhandled exception (?<vector>\d{1,3})$/,
    says: ({ vector }) =>
      `exception ${[vector, trapOf(Number(vector))?.name].filter(Boolean).join(', ')}`,
  },
  {
    fault: 'kernel-page-fault',
    pattern:
      /kernel access raised user pagefault @ (?<address>[0-9a-f]{8}), ip=(?<ip>[0-9a-f]{8}), space=(?<space>[0-9a-f]{8})$/,
    trap: '#PF',
    says: ({ address, ip }) => `page fault of the kernel ${placeOf(address, ip)}`,
  },
  {
    fault: 'unhandled-page-fault',
    pattern:
      /(?<function>[a-z_]{1,40}):(?<line>\d{1,6}): tcb (?<thread>\S{1,20}) cpu \d{1,3} unhandled pagefault @ (?<address>[0-9a-f]{8}), (?<ip>[0-9a-f]{8})$/,
    trap: '#PF',
    says: ({ thread, address, ip }) => `unhandled page fault of ${thread} ${placeOf(address, ip)}`,
  },
  {
    fault: 'user-page-fault',
    pattern: /^(?<thread>\S{1,20}) pf @ (?<address>[0-9a-f]{8}), ip=(?<ip>[0-9a-f]{8})$/,
    trap: '#PF',
    says: ({ thread, address, ip }) => `page fault of ${thread} ${placeOf(address, ip)}`,
  },
  {
    fault: 'assertion',
    pattern:
      /Assertion (?<expression>.{1,300}) failed in file (?<file>.{1,300}), line (?<line>\d{1,6}) \(fn=(?<function>[0-9a-f]+)\)$/,
    says: ({ expression, file, line }) => `assertion "${expression}" failed at ${file}:${line}`,
  },
  {
    fault: 'panic',
    pattern: /PANIC in (?<file>[^,]{1,300}), (?<function>[^,]{1,200}), line (?<line>\d{1,6}):/,
    says: ({ file, line, message }) =>
      `kernel panic at ${[`${file}:${line}`, message].filter(Boolean).join(': ')}`,
  },
  {
    fault: 'memory-descriptors',
    pattern: /^(?<message>Memory descriptor overflow \(max=\d+, n=\d+\))$/,
    says: () => 'the kernel interface page has no room for more memory descriptors',
  },
  {
    fault: 'unknown-debugger-operation',
    pattern: /kdb: unknown kdb op: (?<message>[0-9a-f]{1,2}) ip (?<ip>[0-9a-f]{1,8})$/,
    trap: '#BP',
    says: ({ ip }) =>
      `a breakpoint before ${ip} that the kernel debugger does not know; it goes on`,
  },
]

/** A fault line as data, with the line behind it. */
export interface ReadFault {
  readonly fault: Fault
  readonly says: string
  readonly end: number
}

/** The fault that a line tells of; the same line said again and again is one fault. */
export const faultAt = (lines: Lines, at: number): ReadFault | undefined => {
  const text = lines[at]?.text ?? ''
  for (const { fault, pattern, trap: mnemonic, says } of forms) {
    const groups = match<string>(pattern, text)
    if (groups === undefined) continue
    let end = at + 1
    while (lines[end]?.text === text) end += 1
    const more =
      fault === 'panic' ? match(/^===> (?<message>.{1,300})$/, lines[end]?.text) : undefined
    if (more !== undefined) end += 1
    const all = { ...groups, ...more }
    const vector = numberIf(groups['vector'])
    const trap = vector === undefined ? mnemonic && trapNamed(mnemonic) : trapOf(vector)
    return {
      fault: { fault, ...valuesOf(all), decoded: trap ? { trap } : undefined },
      says: says(all),
      end,
    }
  }
  return undefined
}

const valuesOf = (groups: Partial<Record<string, string>>): Omit<Fault, 'fault' | 'decoded'> => ({
  thread: groups['thread'],
  ip: hexIf(groups['ip']),
  address: hexIf(groups['address']),
  space: hexIf(groups['space']),
  vector: numberIf(groups['vector']),
  expression: groups['expression'],
  file: groups['file'],
  line: numberIf(groups['line']),
  function: groups['function'],
  message: groups['message'],
})

/** A fault that no debugger entry follows: the log ends, or the kernel goes on. */
export const readFault: DumpReader<PistachioFault> = (lines, at) => {
  const found = faultAt(lines, at)
  return (
    found && {
      dump: {
        system: 'pistachio',
        kind: 'fault',
        stop: found.fault.fault !== 'unknown-debugger-operation',
        summary: found.says,
        ...found.fault,
      },
      end: found.end,
    }
  )
}
