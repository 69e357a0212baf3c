import fs from 'node:fs/promises'
import path from 'node:path'
import { confinementOf } from '../host/tools.ts'
import {
  emulatorOf,
  interactiveArguments,
  interactiveProfile,
  machineArguments,
  shellLine,
  type PortRoles,
} from '../target/qemu/command-line.ts'
import type { Profile } from '../target/target.ts'
import type { BootPlan } from './plan.ts'

/** A shell's line that starts a machine with COM1 on the terminal, in the medium's working directory. */
export const interactiveLineOf = (
  { machine, consoles }: Pick<BootPlan<string>, 'machine' | 'consoles'>,
  mediumArguments: readonly string[],
  profile: Profile = 'fast',
): string =>
  shellLine([
    emulatorOf(machine),
    ...machineArguments(machine),
    ...interactiveProfile[profile],
    ...interactiveArguments(consoles),
    ...mediumArguments,
  ])

/** A sentence on the ports that such a line has beside COM1; none where it has none. */
export const mutePorts = ({ serial, debug }: PortRoles): string[] => {
  const others = serial.slice(1).map((role, index) => `COM${index + 2} (${role})`)
  const ports = [...others, ...(debug === undefined ? [] : [`port 0xe9 (${debug})`])]
  return ports.length === 0
    ? []
    : [`Mute: ${ports.join(', ')}. With file:NAME in place of its null a port prints to a file.`]
}

/** Writes a script into a run folder that boots the same again by hand, from power-on whatever checkpoint the run went on from. */
export const writeScript = async (
  folder: string,
  { machine, consoles, medium }: Pick<BootPlan<string>, 'machine' | 'consoles' | 'medium'>,
  profile: Profile | undefined,
): Promise<void> => {
  const emulator = emulatorOf(machine)
  const line = interactiveLineOf({ machine, consoles }, medium.qemuArguments, profile)
  const script = [
    '#!/bin/sh',
    '# Boots the same files again from power-on, with COM1 on this terminal.',
    ...mutePorts(consoles).map((it) => `# ${it}`),
    '# The guest may be hostile. Some builds of QEMU have no sandbox.',
    `sandbox='${confinementOf(emulator).join(' ')}'`,
    `${emulator} $sandbox --version >/dev/null 2>&1 || sandbox=`,
    `cd "$(dirname "$0")/medium" && exec ${line.replace(emulator, `${emulator} $sandbox`)}`,
  ]
  await fs.writeFile(path.join(folder, 'qemu.sh'), `${script.join('\n')}\n`, { mode: 0o755 })
}
