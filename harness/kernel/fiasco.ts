import { linuxMilestones, linuxPrompts, linuxStops } from './linux.ts'
import type { KernelProfile } from './profile.ts'

const prompt = /\x1b\[32mjdb: \x1b\[m(?:\x1b\[K)*$/

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
    ...linuxStops,
    {
      id: 'root-task-failure',
      pattern: /FATAL exception in MOE:|MOE: is terminating with/,
      culprit: 'bootset',
      outcome: 'crashed',
      meaning: 'the root task, Moe, gave up',
      microkernelRuns: true,
    },
  ],
  prompts: [{ kind: 'debugger', pattern: prompt }, ...linuxPrompts],
  measurements: [],
}
