import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { boot } from '../boot/boot.ts'
import { pistachio } from '../boot/pistachio.ts'
import { prepareBoot } from '../boot/prepare.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { machineArguments } from '../target/qemu/command-line.ts'
import { emulatorCommand } from '../host/emulator-command.ts'
import { expect, labgrid, pexpect, tunedPexpect, type PeerBoot } from './peers.ts'
import { compare, printComparison } from './statistics.ts'

const awaited = 'flood done'
/** Mebibytes up to which it is worth the time to run peers that search everything anew with each piece. */
const patience = 4
/** labgrid reads 4 KiB every 10 ms at best, and needs most of a minute for a mebibyte. */
const labgridPatience = 1

/**
 * From the call to a match at the end of much output: Bootstand beside QEMU that writes a file which
 * nobody reads, and the peers that are installed.
 *
 * @param given Mebibytes that the guest prints; 1 by default, then without labgrid.
 */
export const throughput = async (_images: string | undefined, given?: number): Promise<void> => {
  const mebibytes = given ?? 1
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-throughput-'))
  process.env['BOOTSTAND_RUNS'] = path.join(folder, 'runs')
  try {
    const many = mebibytes <= 16
    const all = await contenders(folder, mebibytes, given !== undefined)
    const samples = await compare(all, many ? 3 : 1, { warm: many })
    const title = `call to a match behind ${mebibytes} MiB, stand-in, direct`
    printComparison(title, samples)
    const [alone, bootstand] = samples.map(({ times }) => Math.min(...times))
    const rate = (mebibytes * 1.048_576) / (bootstand! / 1000)
    process.stdout.write(
      `  Bootstand ${rate.toFixed(2)} MB/s, ${(alone! / bootstand!).toFixed(3)} of QEMU alone at best\n`,
    )
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

const contenders = async (folder: string, mebibytes: number, withLabgrid: boolean) => {
  const scenario = pistachio({ rootTask: 'rt-flood', arguments: `bytes=${mebibytes}M` })
  const within = Math.max(60, mebibytes * 20)
  const medium = path.join(folder, 'medium')
  fs.mkdirSync(medium)
  const prepared = await prepareBoot(scenario, {
    images: standInFolder,
    method: 'direct',
    folder: medium,
  })
  const machine = [...machineArguments(scenario.machine), ...prepared.medium.qemuArguments]
  const words = await emulatorCommand('qemu-system-i386', machine)
  const peer: PeerBoot = {
    words,
    cwd: prepared.medium.workingDirectory,
    awaited,
    folder,
    within,
  }
  return {
    'QEMU alone, -serial file:': async () => await alone(peer),
    Bootstand: async () => {
      const started = performance.now()
      await using target = await boot(scenario, { images: standInFolder, method: 'direct' })
      await target.herc.waitFor(awaited, { within: within * 1000 })
      return performance.now() - started
    },
    ...(await expect(peer)),
    ...(await tunedPexpect(peer)),
    ...(mebibytes <= patience && (await pexpect(peer))),
    ...(mebibytes <= labgridPatience && withLabgrid && (await labgrid(peer))),
  }
}

/** Milliseconds until QEMU has written everything to a file. */
const alone = async ({ words, cwd, folder }: PeerBoot): Promise<number> => {
  const file = path.join(folder, 'alone.out')
  fs.writeFileSync(file, '')
  const started = performance.now()
  const child = spawn(words[0]!, [...words.slice(1), '-serial', `file:${file}`], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  })
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const descriptor = fs.openSync(file, 'r')
  const tail = Buffer.alloc(64)
  while (!tail.includes(awaited)) {
    await pause(10)
    const { size } = fs.fstatSync(descriptor)
    fs.readSync(descriptor, tail, 0, tail.length, Math.max(0, size - tail.length))
  }
  const time = performance.now() - started
  fs.closeSync(descriptor)
  child.kill('SIGKILL')
  await exited
  return time
}
