import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Console } from '../console/console.ts'
import { pistachioProfile } from '../kernel/pistachio.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { emulatorCommand } from '../host/emulator-command.ts'
import { openSerialPorts } from '../target/qemu/serial-port.ts'

/**
 * From a line feed that leaves the guest's UART to the code that awaited the line: QEMU traces each byte
 * with the host's time, in microseconds.
 *
 * @param lines How many are awaited, ten a second.
 */
export const latency = async (_images: string | undefined, lines = 100): Promise<void> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-latency-'))
  const ports = await openSerialPorts(folder, ['herc'], () => performance.now())
  const { transcript } = ports.get('herc')!
  const [program, ...words] = await emulatorCommand('qemu-system-i386', [
    ...['-nodefaults', '-display', 'none', '-m', '64'],
    ...['-chardev', `pipe,id=s,path=${folder}/herc`, '-serial', 'chardev:s'],
    ...['-msg', 'timestamp=on', '-trace', 'serial_write', '-D', path.join(folder, 'trace')],
    ...['-kernel', 'kickstart', '-initrd', 'ia32-kernel,sigma0,rt-tick'],
  ])
  const options = { cwd: standInFolder, stdio: 'ignore', detached: true } as const
  const child = spawn(program, words, options)
  try {
    const console = new Console({
      role: 'herc',
      transcript,
      stops: pistachioProfile.stops,
      send: async () => {},
      onWaited: () => {},
    })
    const resumed = new Map<string, number>()
    while (resumed.size < lines) {
      const { text } = await console.waitFor(/^tick \d+/)
      resumed.set(text, performance.timeOrigin + performance.now())
    }
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('close', resolve))
    const left = lineTimes(fs.readFileSync(path.join(folder, 'trace'), 'latin1'))
    print([...resumed].map(([text, at]) => at - left.get(text)!))
  } finally {
    child.kill('SIGKILL')
    await ports.get('herc')!.close({ what: 'over' })
    fs.rmSync(folder, { recursive: true })
  }
}

/** When each line's line feed was written to the UART's data register, in milliseconds since 1970. */
const lineTimes = (trace: string): Map<string, number> => {
  const times = new Map<string, number>()
  let line = ''
  for (const [, seconds, value] of trace.matchAll(
    /@([\d.]+):serial_write write addr 0x00 val 0x(\w+)/g,
  )) {
    const character = String.fromCodePoint(Number.parseInt(value!, 16))
    if (character === '\n') {
      times.set(line.replaceAll('\r', ''), Number(seconds) * 1000)
      line = ''
    } else line += character
  }
  return times
}

const print = (times: readonly number[]): void => {
  const sorted = times.toSorted((a, b) => a - b)
  const quantile = (part: number) => sorted[Math.floor(part * (sorted.length - 1))]!.toFixed(2)
  process.stdout.write(
    `\nline feed leaves the UART to the awaiting code, ${sorted.length} lines of a stand-in: ` +
      `p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, most ${quantile(1)} ms\n`,
  )
}
