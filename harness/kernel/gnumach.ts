import type { KernelProfile } from './profile.ts'

/**
 * GNU Mach 1.8 with `console=com0`, and its debugger ddb, which only the kernels named -dbg have. Texts were read
 * from real boots; fixtures/recordings/gnumach holds them.
 */
export const gnumachProfile: KernelProfile = {
  name: 'GNU Mach',
  begins: /^GNU Mach \d/,
  debugger: 'ddb',
  milestones: [
    { phase: 'kernel', pattern: /^GNU Mach \d/ },
    // Behind the devices.
    { phase: 'bootstrap', pattern: /^RTC time is / },
    { phase: 'first task', pattern: /^start \S+: / },
  ],
  stops: [
    {
      id: 'kernel-panic',
      pattern: /^panic (?:\{cpu\d+\} )?[\w./+-]+:\d+: (?<function>\w+): (?<message>.+)$/,
      culprit: 'guest',
      outcome: 'crashed',
      meaning: 'GNU Mach panicked in {function}: {message}',
    },
    {
      id: 'kernel-trap',
      // A panic enters the debugger by a breakpoint.
      pattern: /\bKernel (?!Breakpoint )(?<trap>[A-Z][\w -]{1,40}) trap, eip 0x(?<ip>[0-9a-f]+)$/,
      culprit: 'guest',
      outcome: 'crashed',
      meaning: 'GNU Mach faulted: {trap} at 0x{ip}',
    },
    {
      id: 'kernel-debugger',
      // Source: kern/debug.c; a panic has a line of its own before.
      pattern: /^Debugger invoked: (?!panic$)(?<reason>.+)$/,
      culprit: 'guest',
      outcome: 'waiting-in-debugger',
      meaning: 'GNU Mach entered its debugger: {reason}',
    },
  ],
  prompts: [
    { kind: 'debugger', pattern: /^db(?:\{\d+\})?> $/ },
    { kind: 'debugger', pattern: /^--db_more--$/ },
  ],
  measurements: [],
}
