import { bootDisk } from '../boot/boot-disk.ts'
import { boot } from '../boot/boot.ts'
import type { Target } from '../boot/start.ts'
import type { Verdict } from '../boot/verdict.ts'
import type { Console } from '../console/console.ts'
import type { Transcript } from '../console/transcript.ts'
import { BootstandError, exitStatuses } from '../core/errors.ts'
import { shortPath } from '../host/paths.ts'
import { parseBootMethod } from '../media/build.ts'
import { findScenario } from './catalogue.ts'
import { guestsFor } from './guests.ts'
import type { InteractiveBootFlags } from './flags.ts'
import { exitStatusOfSignal, onceSignalled, type Signalled } from './signals.ts'

/** Ctrl-], as telnet has it. */
const leaveKey = 0x1d

/** `bootstand boot`: a scenario, or a finished disk, with its console on this terminal. */
export const bootInteractively = async (
  name: string | undefined,
  flags: InteractiveBootFlags,
): Promise<void> => {
  const signalled = onceSignalled()
  if (flags.disk !== undefined) {
    await using booted = await bootDiskOf(name, flags.disk, flags)
    await showConsole(booted, 'com1', signalled)
    return
  }
  if (name === undefined) throw usageError('Name a scenario, or a finished disk with --disk FILE.')
  if (flags.memory !== undefined) {
    throw usageError('--memory goes with --disk: a scenario says itself how much memory it wants.')
  }
  const method = parseBootMethod(flags.method)
  const found = await findScenario(name)
  const guests = await guestsFor(flags.images)
  await using target = await boot(found.scenario, {
    name: found.name,
    method,
    ...(flags.images !== undefined && { images: guests.directory }),
  })
  const [role] = found.scenario.consoles
  say(`${found.name} (${guests.label}), console ${role}. Ctrl-] leaves.`)
  await showConsole(target, role!, signalled)
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
  signalled: Signalled,
): Promise<void> => {
  const console: Console = target[role]
  const giveBack = takeKeyboard(console, signalled.interrupt)
  await Promise.race([print(console), signalled.signal])
  giveBack()
  const verdict = await target.stop()
  const how = verdict.outcome === 'finished' ? 'The machine was switched off.' : verdict.summary
  say(`\r\n${[...verdict.notes, how].join('\n')}\nRun folder: ${shortPath(target.runFolder)}`)
  signalled.dispose()
  const signal = signalled.received()
  process.exitCode = signal === undefined ? statusOf(verdict) : exitStatusOfSignal(signal)
}

/** Whatever a guest does is what was wanted here; only the host may fail. */
const statusOf = ({ culprit }: Verdict): number => (culprit === 'host' ? exitStatuses.host : 0)

/** Copies what the guest prints to standard output until it can print no more, or nobody reads. */
const print = async ({ transcript }: Console): Promise<void> => {
  const readerGone = new Promise<void>((resolve) => {
    process.stdout.once('error', () => resolve())
  })
  await Promise.race([copy(transcript), readerGone])
}

const copy = async (transcript: Transcript): Promise<void> => {
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
    // Keys that a guest does not take are lost, as on a real line.
    void console.pass(end === -1 ? bytes : bytes.subarray(0, end)).catch(() => {})
    if (end !== -1) leave()
  }
  if (stdin.isTTY) stdin.setRawMode(true)
  stdin.on('data', onData)
  // Who can type no more can only watch; without a terminal nobody would end it.
  stdin.once('end', leave)
  return () => {
    stdin.off('data', onData)
    stdin.off('end', leave)
    if (stdin.isTTY) stdin.setRawMode(false)
    stdin.pause()
  }
}
