import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { boot } from '../boot/boot.ts'
import { pistachio } from '../boot/pistachio.ts'
import { prepareBoot } from '../boot/prepare.ts'
import { standInFolder } from '../host/stand-ins.ts'
import type { BootMethod } from '../media/medium.ts'
import { machineArguments } from '../target/qemu/command-line.ts'
import { emulatorCommand } from '../host/emulator-command.ts'
import { expect, pexpect, until, type PeerBoot } from './peers.ts'
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
  const machine = [...machineArguments(scenario.machine), ...prepared.medium.qemuArguments]
  const words = await emulatorCommand('qemu-system-i386', machine)
  const cwd = prepared.medium.workingDirectory
  const peer: PeerBoot = { words, cwd, awaited, folder: medium, within: 60 }
  return {
    'QEMU alone, its output on a pipe': async () =>
      await until([...words, '-serial', 'stdio'], awaited, cwd),
    [`Bootstand${method === 'iso' ? ', ISO built each time' : ''}`]: async () => {
      const started = performance.now()
      await using target = await boot(scenario, { images, method })
      await target.herc.waitFor(awaited)
      return performance.now() - started
    },
    ...(await expect(peer)),
    ...(await pexpect(peer)),
  }
}
