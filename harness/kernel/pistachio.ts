import type { KernelProfile } from './profile.ts'

/**
 * L4Ka::Pistachio x86, its boot loader kickstart and its program pingpong, at the head of 2014.
 * Every text was read from the serial port of a real boot; fixtures/recordings/pistachio holds them.
 */
export const pistachioProfile: KernelProfile = {
  name: 'L4Ka::Pistachio',
  begins: /^KickStart /,
  // pingpong itself enters the debugger by Escape, with words of its own.
  breakIn: /--- "(?:KD# break(?:in)?|enter kdb)" ---/,
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
      meaning: 'kickstart gave up (at line {line} of its loader) and waits for ever',
    },
    {
      id: 'kernel-debugger',
      // The quoted text is the guest's own and may run over several lines.
      pattern: /--- "(?<reason>.*?)(?:" ---)?$/,
      culprit: 'guest',
      meaning: 'the kernel debugger was entered: "{reason}"',
    },
    {
      id: 'kernel-debugger-prompt',
      pattern: /\x1b\[1m(?:\/[a-z]+)*> \x1b\[0m$/,
      culprit: 'guest',
      meaning: 'the kernel debugger waits for a key',
    },
  ],
  measurements: [
    {
      heading: /^Benchmarking (?<benchmark>\S+) IPC\.\.\.$/,
      line: /^IPC \(\s*(?<messageRegisters>\d+) MRs\): (?<cycles>\d+\.\d\d) cycles, (?<microseconds>\d+\.\d\d)us, \d+\.\d\d instrs$/,
    },
  ],
}
