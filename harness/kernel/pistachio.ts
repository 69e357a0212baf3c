import type { KernelProfile, ThreadClass } from './profile.ts'

const scheduler = "Pistachio's kernel/src/api/v4/sched-rr/schedule_functions.h"
const notes = "L4Ka's notes on L4Linux-2.4, Decomposing"

/** L4Linux-2.4 gives its threads other priorities; its include/asm-l4/api-i386-VX2/config.h has the numbers. */
const threadClasses: readonly ThreadClass[] = [
  {
    name: 'a root server',
    priority: 255,
    source: `${scheduler}; 03-kdb-commands.log`,
  },
  { name: "an interrupt's thread", priority: 255, source: scheduler },
  { name: 'a thread that nobody gave another one', priority: 100, source: scheduler },
  { name: "the kernel's own thread", priority: 0, source: scheduler },
  ...['PRIO_IRQ', 'PRIO_PAGER', 'PRIO_SMP_NOTIFY', 'PRIO_KERNEL', 'PRIO_USER_PROCESS'].map(
    (name) => ({ name: `${name} of L4Linux`, source: notes }),
  ),
]

const debuggerPrompt = /\x1b\[1m(?:\/[a-z]+)*> \x1b\[0m$/

/**
 * L4Ka::Pistachio x86, its boot loader kickstart and its program pingpong, at the head of 2014.
 * Every text was read from the serial port of a real boot; fixtures/recordings/pistachio holds them.
 */
export const pistachioProfile: KernelProfile = {
  name: 'L4Ka::Pistachio',
  threadClasses,
  begins: /^KickStart /,
  debugger: 'kdb',
  // pingpong itself enters the debugger by Escape, with words of its own.
  breakIn: /--- "(?:KD# break(?:in)?|enter kdb)" ---/,
  // Its kdb/platform/pc99/io.cc takes parity and framing errors (LSR & 0x90) for a break, too.
  lineBreak: /--- "KD# break(?:in)?" ---/,
  milestones: [
    { phase: 'kickstart', pattern: /^KickStart / },
    { phase: 'kernel', pattern: /^Launching kernel/ },
    { phase: 'sigma0', pattern: /^Creating sigma0 / },
    // A kernel without a debugger prints nothing: then the root task's own first line is the proof.
    { phase: 'root task', pattern: /^\s*Idle thread started on CPU |^Pingpong started / },
  ],
  stops: [
    {
      id: 'kickstart-failure',
      pattern: /PANIC: FAIL in line (?<line>\d+)/,
      culprit: 'bootset',
      outcome: 'waiting-in-loader',
      meaning: 'kickstart gave up (at line {line} of its loader) and waits for ever',
    },
    {
      id: 'kernel-debugger-request',
      // Somebody broke in, or asked for it before the boot.
      pattern: /--- "(?<reason>KD# (?:break(?:in)?|System started .*?))(?:" ---)?$/,
      culprit: 'guest',
      outcome: 'waiting-in-debugger',
      meaning: 'the kernel debugger was entered: "{reason}"',
    },
    {
      id: 'kernel-panic',
      // What the kernel itself enters its debugger for has this prefix.
      pattern: /--- "(?<reason>KD# .*?)(?:" ---)?$/,
      culprit: 'guest',
      outcome: 'crashed',
      meaning: 'the kernel debugger was entered: "{reason}"',
    },
    {
      id: 'kernel-debugger',
      // The quoted text is the guest's own and may run over several lines.
      pattern: /--- "(?<reason>.*?)(?:" ---)?$/,
      culprit: 'guest',
      outcome: 'waiting-in-debugger',
      meaning: 'the kernel debugger was entered: "{reason}"',
      ofDebugger: 'entry',
    },
    {
      id: 'kernel-debugger-prompt',
      pattern: debuggerPrompt,
      culprit: 'guest',
      outcome: 'waiting-in-debugger',
      meaning: 'the kernel debugger waits for a key',
      ofDebugger: 'prompt',
    },
  ],
  prompts: [
    { kind: 'debugger', pattern: debuggerPrompt },
    // A question of a debugger's command, with its default: `tcb/tid [current]: `.
    { kind: 'debugger', pattern: /\[[^\]]*\]: $/ },
    // The last line of pingpong's menu, and of l4test's.
    { kind: 'input', pattern: /^s: print SQLite table|^\d\) All tests/ },
  ],
  readsKeys: /^(?:__l4_)?getc$|^serial_get$/,
  measurements: [
    {
      heading: /^Benchmarking (?<benchmark>\S+) IPC\.\.\.$/,
      line: /^IPC \(\s*(?<messageRegisters>\d+) MRs\): (?<cycles>\d+\.\d\d) cycles, (?<microseconds>\d+\.\d\d)us, \d+\.\d\d instrs$/,
    },
  ],
}
