import type { KernelProfile } from './profile.ts'

/**
 * Xen 4.17 with `com1=115200,8n1 console=com1`, its debug keys, and a first domain on the same line
 * (`console=hvc0`). Texts were read from real boots; fixtures/recordings/xen holds them.
 */
export const xenProfile: KernelProfile = {
  name: 'Xen',
  begins: /^\(XEN\) Xen version /,
  debugger: 'xen',
  milestones: [
    { phase: 'hypervisor', pattern: /^\(XEN\) Xen version / },
    { phase: 'dom0', pattern: /\(XEN\) \*\*\* Serial input to DOM0 / },
  ],
  stops: [
    {
      id: 'not-64-bit',
      pattern: /^ERR: Not a 64-bit CPU!/,
      culprit: 'usage',
      outcome: 'crashed',
      meaning:
        "Xen needs a 64-bit processor; say architecture: 'x86_64' in the scenario, or --architecture x86_64",
    },
    {
      id: 'xen-panic',
      // The last line of a panic: what it was stands before.
      pattern: /\(XEN\) (?:Manual reset required|Reboot in five seconds)/,
      culprit: 'guest',
      outcome: 'crashed',
      meaning: 'Xen panicked',
      explain: (before) => {
        const at = before.findLastIndex((line) => line.includes('(XEN) Panic on CPU '))
        const message = before
          .slice(at + 1)
          .map((line) => line.replace(/^\(XEN\) /, '').trim())
          .filter((line) => /^[^*]/.test(line))
        return at === -1 ? undefined : `Xen panicked: ${message.join(', ')}`
      },
    },
    {
      id: 'dom0-crashed',
      pattern: /\(XEN\) Hardware Dom0 crashed: /,
      culprit: 'guest',
      outcome: 'crashed',
      meaning: 'the first domain crashed, and Xen with it',
      explain: (before) => {
        const panic = before.findLast((line) => line.includes('Kernel panic - not syncing: '))
        return panic && `the first domain crashed: ${panic.replace(/^\[ *[\d.]+\] /, '')}`
      },
    },
  ],
  // Whoever has the keys is told once; what they print stands behind it.
  prompts: [{ kind: 'debugger', pattern: /\(XEN\) \*\*\* Serial input to Xen / }],
  measurements: [],
}
