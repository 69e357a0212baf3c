import { boot } from '../boot/boot.ts'
import type { Console } from '../console/console.ts'
import type { Transcript } from '../console/transcript.ts'
import type { Culprit } from '../core/errors.ts'
import { shortPath } from '../host/paths.ts'
import { parseBootMethod } from '../media/build.ts'
import { findScenario } from './catalogue.ts'
import { guestsFor } from './guests.ts'
import type { BootFlags } from './flags.ts'
import { exitStatusOfSignal, onceSignalled } from './signals.ts'

/** Ctrl-], as telnet has it. */
const leaveKey = 0x1d

/** `bootstand boot`: a scenario with its console on this terminal. */
export const bootInteractively = async (name: string, flags: BootFlags): Promise<void> => {
  const method = parseBootMethod(flags.method)
  const found = await findScenario(name)
  const guests = await guestsFor(flags.images)
  const signalled = onceSignalled()
  await using target = await boot(found.scenario, {
    name: found.name,
    method,
    ...(flags.images !== undefined && { images: guests.directory }),
  })
  const [role] = found.scenario.consoles
  process.stderr.write(`${found.name} (${guests.label}), console ${role}. Ctrl-] leaves.\n`)
  const console = target[role!]!
  const giveBack = takeKeyboard(console, signalled.interrupt)
  await Promise.race([print(console), signalled.signal])
  giveBack()
  const verdict = await target.stop()
  const how = verdict.outcome === 'finished' ? 'The machine was switched off.' : verdict.summary
  process.stderr.write(`\r\n${how}\nRun folder: ${shortPath(target.runFolder)}\n`)
  signalled.dispose()
  const signal = signalled.received()
  process.exitCode =
    signal === undefined ? statuses[verdict.culprit ?? 'guest'] : exitStatusOfSignal(signal)
}

/** Whatever a guest does is what was wanted here; only the host may fail. */
const statuses: Partial<Record<Culprit, number>> = { host: 3 }

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
  return () => {
    stdin.off('data', onData)
    if (stdin.isTTY) stdin.setRawMode(false)
    stdin.pause()
  }
}
