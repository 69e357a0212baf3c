import { hexIf, numberIf, type Hex } from '../hex.ts'
import { match, type Lines } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'
import { describePageFaultError, pageFaultError, type PageFaultError } from '../x86.ts'

/** A failure that Fiasco, L4Re or its boot loader tells in a line. */
export interface L4ReFailure extends Told {
  readonly system: 'fiasco' | 'l4re' | 'l4linux'
  readonly kind: 'failure'
  readonly failure:
    | 'page-fault'
    | 'exception'
    | 'no-pager'
    | 'task-exit'
    | 'no-object'
    | 'loader'
    | 'script'
    | 'out-of-memory'
    | 'panic'
  /** The task or program. */
  readonly subject: string | undefined
  readonly ip: Hex | undefined
  readonly address: Hex | undefined
  readonly errorCode: Hex | undefined
  /** Whose pager is wrong: an object's number. */
  readonly thread: Hex | undefined
  readonly status: number | undefined
  readonly access: string | undefined
  readonly message: string | undefined
  readonly decoded?: { readonly pageFault: PageFaultError }
}

interface Form {
  readonly system: L4ReFailure['system']
  readonly failure: L4ReFailure['failure']
  readonly pattern: RegExp
  readonly says: (groups: Partial<Record<string, string>>) => string
}

const forms: readonly Form[] = [
  {
    system: 'l4re',
    failure: 'page-fault',
    pattern:
      /L4Re\[rm\]: unhandled (?<access>read|write|execute|instruction)? ?page fault at 0x(?<address>[0-9a-f]{1,16}) pc=0x(?<ip>[0-9a-f]{1,16})/,
    says: ({ access, address, ip }) =>
      `${[access, 'page fault'].filter(Boolean).join(' ')} at address 0x${address} by the instruction at 0x${ip}, where the program has no memory`,
  },
  {
    system: 'l4re',
    failure: 'exception',
    pattern:
      /L4Re: (?<subject>\S{1,80}): Unhandled exception: PC=0x(?<ip>[0-9a-f]{1,16}) PFA=(?:0x)?(?<address>[0-9a-f]{1,16})/,
    says: ({ subject, ip }) => `unhandled exception of ${subject} at 0x${ip}`,
  },
  {
    system: 'fiasco',
    failure: 'no-pager',
    pattern:
      /KERNEL: Warning: CPU\d{1,3}: Pager of (?<thread>[0-9a-f]{1,8}) is invalid \(pfa=(?<address>[0-9a-f]{1,16}), errorcode(?:\/info)?=(?<code>[0-9a-f]{1,16})\) to [0-9a-f]{1,8} \(pc=(?<ip>[0-9a-f]{1,16})\)/,
    says: ({ thread, address, ip }) =>
      `page fault of thread ${thread} at address ${address} by the instruction at ${ip}, and it has no valid pager`,
  },
  {
    system: 'l4re',
    failure: 'task-exit',
    pattern: /MOE: task (?<subject>[0-9a-f]{1,8}) exited with (?<status>\d{1,6})$/,
    says: ({ subject, status }) => `task ${subject} ended with ${status}`,
  },
  {
    system: 'l4re',
    failure: 'task-exit',
    pattern: /(?<subject>MOE): is terminating with (?<status>\d{1,6}), very bad/,
    says: ({ status }) => `the root task Moe ended with ${status}`,
  },
  {
    system: 'l4re',
    failure: 'no-object',
    pattern: /Exception: No such object found: (?<subject>\S{1,100}?)(?:: backtrace \.\.\.|\.)?$/,
    says: ({ subject }) => `there is no ${subject}: the module is missing or has another name`,
  },
  {
    system: 'l4re',
    failure: 'no-object',
    pattern:
      /Failed to query name '(?<subject>[^']{1,100})': (?<message>No such object found\(-\d+\))/,
    says: ({ subject }) => `there is no ${subject}: the module is missing or has another name`,
  },
  {
    system: 'l4re',
    failure: 'loader',
    pattern:
      /Exception: Invalid argument: (?<message>not an ELF binary)(?:: backtrace \.\.\.|\.)?$/,
    says: ({ message }) => `L4Re cannot start a program: ${message}`,
  },
  {
    system: 'l4re',
    failure: 'script',
    pattern: /lua error: (?<message>\S.{0,200}?)\.?$/,
    says: ({ message }) => `Ned gave up its script: ${message}`,
  },
  {
    system: 'l4re',
    failure: 'loader',
    pattern:
      /(?<message>This is an invalid binary, fix it \([^)]{1,80}\)\.|^region overlap$|^could not find kernel info page, maybe your kernel is too old$|^fatal: could not find free RAM region for modules$)/,
    says: ({ message }) => `the boot loader of L4Re gave up: ${message}`,
  },
  {
    system: 'l4linux',
    failure: 'out-of-memory',
    pattern: /l4x_setup_memory: (?<message>Can't get main memory of \d{1,12}kiB!)/,
    says: ({ message }) => `L4Linux: ${message} mem= asks for more than L4Re has`,
  },
  {
    system: 'l4linux',
    failure: 'panic',
    pattern: /(?<message>Terminating L4Linux\.)/,
    says: () => 'L4Linux ended itself',
  },
]

/** Reads the lines in which Fiasco, L4Re and L4Linux tell of their failures, of 2018 and of 2026. */
export const readL4ReFailure: DumpReader<L4ReFailure> = (lines, at) => {
  const text = lines[at]?.text
  for (const { system, failure, pattern, says } of forms) {
    const groups: Partial<Record<string, string>> | undefined = match<string>(pattern, text)
    if (groups === undefined) continue
    const errorCode = hexIf(groups['code'])
    const pageFault = errorCode && pageFaultError(errorCode)
    return {
      dump: {
        system,
        kind: 'failure',
        stop:
          (groups['status'] === undefined || Number(groups['status']) !== 0) &&
          !isShutDown(lines, at),
        summary: [says(groups), pageFault && `(${describePageFaultError(pageFault)})`]
          .filter(Boolean)
          .join(' '),
        failure,
        subject: groups['subject'],
        ip: hexIf(groups['ip']),
        address: hexIf(groups['address']),
        errorCode,
        thread: hexIf(groups['thread']),
        status: numberIf(groups['status']),
        access: groups['access'] === '' ? undefined : groups['access'],
        message: groups['message'],
        ...(pageFault && { decoded: { pageFault } }),
      },
      end: at + 1,
    }
  }
  return undefined
}

const shutDown = /^reboot: (?:Power down|System halted|Restarting system|machine restart)/

/** L4Linux that was told to end prints so; its last thread may fault when its memory is gone. */
const isShutDown = (lines: Lines, at: number): boolean =>
  lines.slice(Math.max(0, at - 6), at).some(({ text }) => shutDown.test(text))
