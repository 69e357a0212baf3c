import path from 'node:path'
import { execa } from 'execa'
import { emulatorCommand } from '../../host/emulator-command.ts'

/** How an accelerator did on a guest. */
export interface AcceleratorReport {
  readonly name: 'tcg' | 'kvm'
  readonly usable: boolean
  /** Milliseconds from starting QEMU to the guest's first byte, if it came in time. */
  readonly firstOutput?: number
  readonly problem?: string
}

/** A guest's first line takes a tenth of a second under TCG; whatever needs this long is no gain. */
const limit = 3_000

/**
 * Tries the accelerators on a guest against the clock. That /dev/kvm can be opened proves nothing:
 * some hosts interpret 32-bit code there, hundreds of times slower than TCG translates it.
 *
 * @param folder The stand-ins. Their kickstart prints its name and then misses its modules.
 */
export const probeAccelerators = async (folder: string): Promise<AcceleratorReport[]> => {
  const tcg = await probe('tcg', folder)
  const kvm = await probe('kvm', folder)
  const slower = kvm.firstOutput !== undefined && kvm.firstOutput > 2 * (tcg.firstOutput ?? limit)
  return [tcg, slower ? { ...kvm, usable: false, problem: 'slower than TCG' } : kvm]
}

const probe = async (name: 'tcg' | 'kvm', folder: string): Promise<AcceleratorReport> => {
  const [program, ...words] = await emulatorCommand('qemu-system-i386', [
    ...['-accel', name, '-nodefaults', '-display', 'none', '-no-reboot', '-m', '32'],
    ...['-serial', 'stdio', '-kernel', path.join(folder, 'kickstart')],
  ])
  const started = performance.now()
  const child = execa(program, words, {
    reject: false,
    stdin: 'ignore',
    timeout: limit,
    killSignal: 'SIGKILL',
    maxBuffer: 1_000_000,
  })
  let firstOutput: number | undefined
  child.stdout.on('data', () => {
    firstOutput ??= performance.now() - started
    child.kill('SIGKILL')
  })
  const result = await child
  if (firstOutput !== undefined) return { name, usable: true, firstOutput: Math.round(firstOutput) }
  const problem = result.timedOut
    ? `no line of a guest within ${limit / 1000} s`
    : (result.stderr.trim().split('\n')[0] ?? 'QEMU ended')
  return { name, usable: false, problem }
}
