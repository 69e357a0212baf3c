import { linuxMilestones, linuxNoise, linuxPrompts, linuxStops } from './linux.ts'
import type { KernelProfile } from './profile.ts'

const prompt = /\x1b\[32mjdb: \x1b\[m(?:\x1b\[K)*$/

/** What a program of L4Re threw, told in one of the last lines. */
const exceptionBefore =
  (what: string) =>
  (before: readonly string[]): string | undefined => {
    const thrown = before.slice(-3).map((it) => exception.exec(it)?.groups?.['reason'])
    const reason = thrown.findLast((it) => it !== undefined)
    return reason && `${what}: "${reason}"`
  }

/** What bootstrap says before it waits for a key: `fatal:` and lists of memory, or one sentence. */
const bootstrapReason = (before: readonly string[]): string | undefined => {
  const said = before.map((it) => it.trimEnd()).filter((it) => /^[A-Za-z]/.test(it))
  const sentence = said.findLast((it) => it.startsWith('fatal')) ?? said.at(-1)
  return sentence && `L4Re's boot loader gave up: "${sentence}"`
}

const exception = /^Exception: (?<reason>\S.{0,200}?)(?:: backtrace \.\.\.|\.)?\s*$/

/**
 * Fiasco with L4Re, of 2018 and 2026, and L4Linux 4.15 on it. Every text was read from the serial port of a
 * real boot; fixtures/recordings/fiasco and l4linux hold them.
 */
export const fiascoProfile: KernelProfile = {
  name: 'Fiasco',
  begins: /^L4 Bootstrapper/,
  debugger: 'jdb',
  breakIn: /CPU \d+ \[[0-9a-f]+\]: IRQ ENTRY/,
  milestones: [
    { phase: 'bootstrap', pattern: /^L4 Bootstrapper/ },
    { phase: 'kernel', pattern: /^Welcome to (?:L4\/Fiasco\.OC|the L4Re Microkernel)!/ },
    { phase: 'sigma0', pattern: /^SIGMA0: Hello!/ },
    { phase: 'root task', pattern: /^MOE: Hello world/ },
    { phase: 'L4Linux', pattern: /^======> L4Linux starting\.\.\. <========/ },
    ...linuxMilestones,
  ],
  stops: [
    {
      id: 'kernel-debugger-request',
      pattern: /CPU \d+ \[[0-9a-f]+\]: (?<reason>IRQ ENTRY|Wait)\s*$/,
      culprit: 'guest',
      outcome: 'waiting-in-debugger',
      meaning: 'the kernel debugger was entered: "{reason}"',
    },
    {
      id: 'kernel-panic',
      pattern: /CPU \d+ \[[0-9a-f]+\]: (?<reason>\S.*?)\s*$/,
      culprit: 'guest',
      outcome: 'crashed',
      meaning: 'the kernel debugger was entered: "{reason}"',
    },
    {
      id: 'bootstrap-failure',
      pattern: /^(?:\x1b\[1m)?Key press reboots\.\.\./,
      culprit: 'bootset',
      outcome: 'waiting-in-loader',
      meaning: "L4Re's boot loader gave up",
      explain: bootstrapReason,
    },
    ...linuxStops,
    {
      id: 'l4linux-no-memory',
      pattern: /l4x_setup_memory: (?<reason>Can't get main memory of \d+kiB)!/,
      culprit: 'bootset',
      outcome: 'crashed',
      meaning: 'L4Linux gave up: "{reason}", for which its mem= asks',
      microkernelRuns: true,
    },
    {
      id: 'program-not-loaded',
      pattern: /L4Re: FATAL: (?<reason>could not load binary)/,
      culprit: 'bootset',
      outcome: 'crashed',
      meaning: 'L4Re did not start a program: "{reason}"',
      microkernelRuns: true,
      explain: exceptionBefore('L4Re did not start a program'),
    },
    {
      id: 'ned-script-failure',
      pattern: /lua error: (?<reason>\S.{0,300}?)\.?\s*$/,
      culprit: 'bootset',
      outcome: 'crashed',
      meaning: 'Ned gave up its script: "{reason}"',
      microkernelRuns: true,
    },
    {
      id: 'root-task-failure',
      // Its reason stands on the line before.
      pattern: /^\.\.\. terminated\s*$|MOE: is terminating with/,
      culprit: 'bootset',
      outcome: 'crashed',
      meaning: 'the root task, Moe, gave up',
      microkernelRuns: true,
      explain: exceptionBefore('the root task, Moe, gave up'),
    },
  ],
  prompts: [{ kind: 'debugger', pattern: prompt }, ...linuxPrompts],
  noise: linuxNoise,
  measurements: [],
}
