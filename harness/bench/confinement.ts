import { standInFolder } from '../host/stand-ins.ts'
import { emulatorCommand } from '../host/emulator-command.ts'
import { until } from './peers.ts'
import { compare, printComparison } from './statistics.ts'

/**
 * What QEMU's sandbox costs a boot.
 *
 * @param rounds Boots of each kind.
 */
export const confinement = async (_images: string | undefined, rounds = 30): Promise<void> => {
  const machine = [
    ...['-accel', 'tcg', '-nodefaults', '-display', 'none', '-m', '64', '-serial', 'stdio'],
    ...['-kernel', 'kickstart', '-initrd', 'ia32-kernel,sigma0,pingpong'],
  ]
  const confined = await emulatorCommand('qemu-system-i386', machine)
  const plain = [...confined.slice(0, confined.indexOf('--') + 2), ...machine]
  const boot = async (words: readonly string[]) =>
    await until(words, 's: print SQLite table', standInFolder)
  const samples = await compare(
    {
      'QEMU alone': async () => await boot(plain),
      'QEMU in its sandbox': async () => await boot(confined),
    },
    rounds,
  )
  printComparison('start of QEMU to the menu of pingpong, stand-ins, direct', samples)
}
