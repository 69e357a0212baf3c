import path from 'node:path'
import { execa } from 'execa'
import { processState } from '../../host/processes.ts'
import { emulatorCommand } from '../../host/emulator-command.ts'

/** What a host's speed was measured by. */
export interface SpeedReport {
  /** Milliseconds of QEMU's processor time to pingpong's menu, the middle of several boots. */
  readonly boot: number
  /** By which deadlines should be longer than on a fast host, to a tenth; 1 at least. */
  readonly slowness: number
}

/** Milliseconds that it takes on an idle PC of about 2020: what deadlines are written for. */
const usual = 250

const rounds = 3
const limit = 30_000

/**
 * Boots the stand-ins against the clock.
 *
 * @param folder The stand-ins.
 * @returns Nothing when they do not boot.
 */
export const measureSpeed = async (folder: string): Promise<SpeedReport | undefined> => {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const time = await timeBoot(folder)
    if (time !== undefined) times.push(time)
  }
  const boot = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]
  if (boot === undefined) return undefined
  return { boot: Math.round(boot), slowness: Math.max(1, Math.round((boot / usual) * 10) / 10) }
}

const timeBoot = async (folder: string): Promise<number | undefined> => {
  const [kernel, ...modules] = ['kickstart', 'ia32-kernel', 'sigma0', 'pingpong']
  const [program, ...words] = await emulatorCommand('qemu-system-i386', [
    ...['-accel', 'tcg', '-nodefaults', '-display', 'none', '-no-reboot', '-m', '64'],
    ...['-serial', 'stdio', '-kernel', kernel, '-initrd', modules.join(',')],
  ])
  const child = execa(program, words, {
    cwd: path.resolve(folder),
    reject: false,
    stdin: 'ignore',
    timeout: limit,
    killSignal: 'SIGKILL',
    maxBuffer: 1_000_000,
  })
  let seen = ''
  let time: number | undefined
  child.stdout.on('data', (bytes: Buffer) => {
    seen += bytes.toString('latin1')
    if (time !== undefined || !seen.includes('s: print SQLite table')) return
    // On a busy host the wall clock tells more of the others.
    time = processState(child.pid!)?.time
    child.kill('SIGKILL')
  })
  await child
  return time
}
