import { spawn } from 'node:child_process'
import fs from 'node:fs/promises'
import path from 'node:path'

/** A QEMU that other tools start, and what they wait for. */
export interface PeerBoot {
  /** Program and arguments, without a serial port. */
  readonly words: readonly string[]
  readonly cwd: string
  readonly awaited: string
  /** Where scripts are written. */
  readonly folder: string
  /** Seconds after which a peer gives up. */
  readonly within: number
}

type Contenders = Record<string, () => Promise<number>>

const python = '/usr/bin/python3'

/** `expect`, where it is installed; QEMU's serial port is its terminal. */
export const expect = async (boot: PeerBoot): Promise<Contenders> => {
  if (!(await hasCommand('expect'))) return {}
  const { words, cwd, awaited, within } = boot
  const text = `log_user 0\nset timeout ${within}\nspawn {*}$argv\nexpect "${awaited}" { puts seen }\nclose\n`
  const file = await script(boot, 'expect', text)
  const command = ['expect', file, ...words, '-serial', 'stdio']
  return { expect: async () => await until(command, 'seen', cwd) }
}

/** `python3-pexpect` as its manual uses it. */
export const pexpect = async (boot: PeerBoot): Promise<Contenders> =>
  await pexpectWith(boot, 'python3-pexpect', '')

/** `python3-pexpect` told to search the last 200 bytes only and to read 64 KiB at once. */
export const tunedPexpect = async (boot: PeerBoot): Promise<Contenders> =>
  await pexpectWith(boot, 'python3-pexpect, tuned', ', maxread=65536, searchwindowsize=200')

const pexpectWith = async (boot: PeerBoot, name: string, options: string): Promise<Contenders> => {
  if (!(await hasPython('pexpect'))) return {}
  const { words, cwd, awaited, within } = boot
  const text = `import pexpect, sys
child = pexpect.spawn(sys.argv[1], sys.argv[2:], timeout=${within}${options})
child.expect('${awaited}')
print('seen', flush=True)
child.close(force=True)
`
  const file = await script(boot, `${name}.py`, text)
  const command = [python, file, ...words, '-serial', 'stdio']
  return { [name]: async () => await until(command, 'seen', cwd) }
}

/** labgrid's QEMUDriver, where it is installed; it takes the kernel from its own configuration. */
export const labgrid = async (boot: PeerBoot): Promise<Contenders> => {
  const { cwd, awaited, within } = boot
  // Without setpriv, which ends the emulator with this process.
  const words = boot.words.slice(boot.words.indexOf('--') + 1)
  if (!(await hasPython('labgrid'))) return {}
  const kernel = words.indexOf('-kernel')
  const file = path.join(boot.folder, 'labgrid.yaml')
  // JSON is YAML, as far as this goes.
  const configuration = {
    targets: {
      main: {
        drivers: {
          QEMUDriver: {
            qemu_bin: 'qemu',
            machine: 'pc',
            cpu: 'qemu32',
            memory: `${words[words.indexOf('-m') + 1]}M`,
            kernel: 'kernel',
            extra_args: words
              .slice(1)
              .toSpliced(kernel - 1, 2)
              .map((word) => `'${word}'`)
              .join(' '),
          },
        },
      },
    },
    tools: { qemu: words[0] },
    images: { kernel: path.resolve(cwd, words[kernel + 1]!) },
  }
  await fs.writeFile(file, JSON.stringify(configuration))
  const text = `import sys
from labgrid import Environment
driver = Environment(sys.argv[1]).get_target('main').get_driver('QEMUDriver')
driver.on()
driver.expect('${awaited}', timeout=${within})
print('seen', flush=True)
driver.off()
`
  const command = [python, await script(boot, 'labgrid-peer.py', text), file]
  return { labgrid: async () => await until(command, 'seen', cwd) }
}

const script = async ({ folder }: PeerBoot, name: string, text: string): Promise<string> => {
  const file = path.join(folder, name)
  await fs.writeFile(file, text)
  return file
}

/** Milliseconds from starting a command to a text in its output; NaN when it ends without. */
export const until = async (
  words: readonly string[],
  text: string,
  cwd: string,
): Promise<number> => {
  const started = performance.now()
  // In a session of its own, as Bootstand's QEMU is: the scheduler shares time out by sessions.
  const child = spawn(words[0]!, words.slice(1), {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let output = ''
  const seen = new Promise<number>((resolve) => {
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString('latin1')
      if (output.includes(text)) resolve(performance.now() - started)
    })
  })
  const time = await Promise.race([seen, exited.then(() => Number.NaN)])
  // With the QEMU that it started.
  process.kill(-child.pid!, 'SIGKILL')
  await exited
  return time
}

const hasPython = async (module: string): Promise<boolean> =>
  await hasCommand(python, ['-c', `import ${module}`])

const hasCommand = async (command: string, words: readonly string[] = ['-v']): Promise<boolean> =>
  await new Promise((resolve) => {
    const child = spawn(command, words, { stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('close', (status) => resolve(status === 0))
  })
