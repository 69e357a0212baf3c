import { spawn } from 'node:child_process'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { boot } from '../boot/boot.ts'
import { pistachio } from '../boot/pistachio.ts'
import { prepareBoot } from '../boot/prepare.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { inspectTool } from '../host/tools.ts'
import type { BootMethod } from '../media/medium.ts'
import { machineArguments } from '../target/qemu/command-line.ts'
import { compare, printComparison } from './statistics.ts'

const rounds = 15
const scenario = pistachio({ rootTask: 'pingpong' })
const awaited = 'Pingpong started'

/** From the call to pingpong's first line: Bootstand beside QEMU alone, expect and pexpect. */
export const firstLine = async (images: string | undefined): Promise<void> => {
  const guests = images ?? standInFolder
  for (const method of ['direct', 'iso'] as const) {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'bootstand-bench-'))
    process.env['BOOTSTAND_RUNS'] = path.join(folder, 'runs')
    try {
      const samples = await compare(await contenders(guests, method, folder), rounds)
      const title = `call to "${awaited}", ${method}, ${images === undefined ? 'stand-ins' : 'user images'}`
      printComparison(title, samples)
    } finally {
      await fs.rm(folder, { recursive: true })
    }
  }
}

const contenders = async (images: string, method: BootMethod, folder: string) => {
  const medium = path.join(folder, method)
  await fs.mkdir(medium)
  const prepared = await prepareBoot(scenario, { images, method, folder: medium })
  const qemu = (await inspectTool('qemu-system-i386')).path!
  const words = [
    qemu,
    ...machineArguments(scenario.machine),
    ...['-serial', 'stdio'],
    ...prepared.medium.qemuArguments,
  ]
  const cwd = prepared.medium.workingDirectory
  const script = async (name: string, text: string) => {
    const file = path.join(folder, `${method}-${name}`)
    await fs.writeFile(file, text)
    return file
  }
  const expectScript = await script(
    'expect',
    `log_user 0\nset timeout 60\nspawn {*}$argv\nexpect "${awaited}"\nputs seen\nclose\n`,
  )
  const pexpectScript = await script(
    'pexpect',
    `import pexpect, sys\nchild = pexpect.spawn(sys.argv[1], sys.argv[2:], timeout=60)\nchild.expect('${awaited}')\nprint('seen', flush=True)\nchild.close(force=True)\n`,
  )
  return {
    'QEMU alone, its output on a pipe': async () => await until(words, awaited, cwd),
    [`Bootstand${method === 'iso' ? ', ISO built each time' : ''}`]: async () => {
      const started = performance.now()
      await using target = await boot(scenario, { images, method })
      await target.herc.waitFor(awaited)
      return performance.now() - started
    },
    ...((await hasCommand('expect')) && {
      expect: async () => await until(['expect', expectScript, ...words], 'seen', cwd),
    }),
    ...((await hasCommand('/usr/bin/python3', ['-c', 'import pexpect'])) && {
      'python3-pexpect': async () =>
        await until(['/usr/bin/python3', pexpectScript, ...words], 'seen', cwd),
    }),
  }
}

/** Milliseconds from starting a command to a text in its output. */
const until = async (words: readonly string[], text: string, cwd: string): Promise<number> => {
  const started = performance.now()
  const child = spawn(words[0]!, words.slice(1), { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let output = ''
  const seen = new Promise<number>((resolve) => {
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString('latin1')
      if (output.includes(text)) resolve(performance.now() - started)
    })
  })
  const time = await Promise.race([seen, exited.then(() => Number.NaN)])
  child.kill('SIGKILL')
  await exited
  return time
}

const hasCommand = async (command: string, words: readonly string[] = ['-v']): Promise<boolean> =>
  await new Promise((resolve) => {
    const child = spawn(command, words, { stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('close', (status) => resolve(status === 0))
  })
