import { bootDisk } from '../boot/boot-disk.ts'
import { boot } from '../boot/boot.ts'
import type { Target } from '../boot/start.ts'
import type { Console } from '../console/console.ts'
import { BootstandError } from '../core/errors.ts'
import { shortPath } from '../host/paths.ts'
import { parseBootMethod } from '../media/build.ts'
import { findScenario } from './catalogue.ts'
import { guestsFor } from './guests.ts'
import type { InteractiveBootFlags } from './flags.ts'
import { exitStatusOfSignal, onceSignalled } from './signals.ts'

/** Ctrl-], as telnet has it. */
const leaveKey = 0x1d

/** `bootstand boot`: a scenario, or a finished disk, with its console on this terminal. */
export const bootInteractively = async (
  name: string | undefined,
  flags: InteractiveBootFlags,
): Promise<void> => {
  if (flags.disk !== undefined) {
    await showConsole(await bootDiskOf(name, flags.disk, flags), 'com1')
    return
  }
  if (name === undefined) throw usageError('Name a scenario, or a finished disk with --disk FILE.')
  if (flags.memory !== undefined) {
    throw usageError('--memory goes with --disk: a scenario says itself how much memory it wants.')
  }
  const method = parseBootMethod(flags.method)
  const found = await findScenario(name)
  const guests = await guestsFor(flags.images)
  const target = await boot(found.scenario, {
    name: found.name,
    method,
    ...(flags.images !== undefined && { images: guests.directory }),
  })
  const [role] = found.scenario.consoles
  say(`${found.name} (${guests.label}), console ${role}. Ctrl-] leaves.`)
  await showConsole(target, role!)
}

const bootDiskOf = async (
  name: string | undefined,
  disk: string,
  { memory }: InteractiveBootFlags,
): Promise<Target<'com1'>> => {
  if (name !== undefined) {
    throw usageError(`Expected a scenario or --disk FILE, found both: ${name} and ${disk}.`)
  }
  const target = await bootDisk(disk, {
    ...(memory !== undefined && { memory: parseMemory(memory) }),
  })
  say(`${disk} (never written), console com1. Ctrl-] leaves.`)
  return target
}

/** What QEMU's PC takes below 4 GiB. */
const largestMemory = 3584

const parseMemory = (words: string): number => {
  const memory = Number(words)
  if (Number.isInteger(memory) && memory >= 1 && memory <= largestMemory) return memory
  throw usageError(`Expected --memory in MiB, 1 to ${largestMemory}; found "${words}".`)
}

const usageError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_USAGE', 'usage', message)

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

/** A target's console on this terminal, until either is done. */
const showConsole = async <Role extends string>(
  target: Target<Role>,
  role: NoInfer<Role>,
): Promise<void> => {
  const console: Console = target[role]
  const signalled = onceSignalled()
  const restore = takeKeyboard(console, signalled.interrupt)
  try {
    await Promise.race([print(console), signalled.signal])
  } finally {
    restore()
    signalled.dispose()
  }
  const end = await target.stop()
  for (const note of end.notes) process.stderr.write(`\r\n${note}`)
  process.stderr.write(
    `\r\n${end.outcome === 'finished' ? 'The machine was switched off.' : end.summary}\nRun folder: ${shortPath(target.runFolder)}\n`,
  )
  const signal = signalled.received()
  if (signal !== undefined) process.exitCode = exitStatusOfSignal(signal)
}

/** Copies what the guest prints to standard output until it can print no more. */
const print = async ({ transcript }: Console): Promise<void> => {
  let offset = 0
  for (;;) {
    for (let bytes = transcript.read(offset); bytes.length > 0; bytes = transcript.read(offset)) {
      offset += bytes.length
      if (!process.stdout.write(bytes)) {
        await new Promise((resolve) => process.stdout.once('drain', resolve))
      }
    }
    if (transcript.end !== undefined && offset === transcript.size) return
    await transcript.growth(offset)
  }
}

/** Sends typed keys to the guest. Gives back what undoes it. */
const takeKeyboard = (console: Console, leave: () => void): (() => void) => {
  const { stdin } = process
  const onData = (bytes: Buffer) => {
    const end = bytes.indexOf(leaveKey)
    console.pass(end === -1 ? bytes : bytes.subarray(0, end))
    if (end !== -1) leave()
  }
  if (stdin.isTTY) stdin.setRawMode(true)
  stdin.on('data', onData)
  return () => {
    stdin.off('data', onData)
    if (stdin.isTTY) stdin.setRawMode(false)
    stdin.pause()
  }
}
