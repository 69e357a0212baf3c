import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { readVerdict } from '../boot/verdict-file.ts'
import { BootstandError } from '../core/errors.ts'
import { addressMap } from '../diagnosis/address-map.ts'
import { placeNames } from '../diagnosis/place-text.ts'
import { sha256OfProgram } from '../host/hash.ts'
import { shortPath } from '../host/paths.ts'
import { hostSlowness } from '../host/slowness.ts'
import { toolPath, type ToolName } from '../host/tools.ts'
import { recordingName } from '../target/qemu/command-line.ts'
import { parseRegisters } from '../target/qemu/registers.ts'
import { gdbSocket, Replayer } from '../target/qemu/replayer.ts'
import type { ReplayFlags } from './flags.ts'
import { recordedRun } from './recorded-run.ts'
import { placeOf, replayTo } from './replay-place.ts'
import { runInput, type RunInput } from './run-input.ts'
import { findRun } from './runs.ts'
import { onceSignalled } from './signals.ts'

/** `bootstand replay`: runs a recorded run again. */
export const replay = async (name: string | undefined, flags: ReplayFlags): Promise<void> => {
  const runFolder = recordedRun(findRun(name))
  const verdict = assertRecorded(runFolder)
  const { command, tools } = verdict
  const emulator = command[0] as ToolName
  await assertSameEmulator(emulator, tools)
  const input = await runInput(runFolder)
  const recorded = input.logs.map(({ path: file, text }) => ({
    role: path.basename(file, '.out'),
    text,
  }))
  const folder = path.join(runFolder, 'replay')
  const start = async () =>
    await Replayer.start({
      ...{ runFolder, folder, command, roles: recorded.map(({ role }) => role) },
      ...{ gdb: flags.gdb === true, slowness: hostSlowness() },
    })
  if (flags.to === undefined && flags.gdb !== true) {
    await using replayer = await start()
    await replayer.run()
    const instruction = await replayer.instruction()
    const consoles = recorded.map(({ role, text }) => {
      const again = readFileSync(path.join(folder, `${role}.out`), 'latin1')
      return { role, bytes: text.length, ...compared(text, again) }
    })
    tell(flags, { folder, instruction, consoles }, () => [
      `${shortPath(runFolder)} was run again, ${instruction} instructions, into ${shortPath(folder)}:`,
      ...consoles.map(({ role, bytes, differsAt }) =>
        differsAt === undefined
          ? `${role}: the same ${bytes} bytes`
          : `${role}: other bytes from offset ${differsAt} on`,
      ),
    ])
    if (consoles.some(({ isSame }) => !isSame)) process.exitCode = 1
    return
  }
  const place = placeOf(flags.to ?? '0', recorded, verdict)
  await using replayer = await replayTo(place, start)
  const state = await stateOf(replayer, input)
  tell(flags, { folder, ...state }, () => textOf(state))
  if (flags.gdb === true) await handOver(replayer, folder)
}

const tell = (flags: ReplayFlags, json: object, text: () => readonly string[]): void => {
  const lines = flags.json === true ? [JSON.stringify(json, null, 2)] : text()
  process.stdout.write(lines.map((it) => `${it}\n`).join(''))
}

const compared = (
  text: string,
  again: string,
): { readonly isSame: boolean; readonly differsAt?: number } => {
  if (text === again) return { isSame: true }
  let differsAt = 0
  while (text[differsAt] === again[differsAt]) differsAt++
  return { isSame: false, differsAt }
}

interface StackWord {
  readonly address: string
  readonly value: string
  readonly place?: string
}

/** Where a replay stands. */
interface ReplayState {
  readonly instruction: number
  /** The program counter's; of several when it is not certain which. */
  readonly places: readonly string[]
  readonly registers: readonly string[]
  readonly stack: readonly StackWord[]
}

const stateOf = async (replayer: Replayer, { booted }: RunInput): Promise<ReplayState> => {
  const words = (await replayer.ask('info registers')).split(/\r?\n/)
  const { address, ring } = parseRegisters(words.join('\n')) ?? { address: 0, ring: 0 }
  const map = addressMap(booted)
  const isLong = words.some((it) => it.startsWith('RAX='))
  const read = await replayer.ask(isLong ? 'x /8xg $rsp' : 'x /8xw $esp')
  const cells = [...read.matchAll(/^(?<base>[0-9a-f]+):(?<values>.*)$/gm)].flatMap(({ groups }) =>
    [...groups!['values']!.matchAll(/0x(?<value>[0-9a-f]+)/g)].map((found, index) => ({
      address: Number.parseInt(groups!['base']!, 16) + index * (isLong ? 8 : 4),
      value: Number.parseInt(found.groups!['value']!, 16),
      digits: found.groups!['value']!,
    })),
  )
  const placesOf = (at: number) => map.find(at, ring)
  const found = [address, ...cells.map(({ value }) => value)].map((at) => placesOf(at))
  const nameOf = await placeNames(found.map((places) => ({ places })))
  const named = found.map((places) => places.map(nameOf))
  return {
    instruction: await replayer.instruction(),
    places: named[0]!,
    registers: words.filter((it) => /^[ER]/.test(it)).slice(0, isLong ? 5 : 3),
    stack: cells.map(({ address: at, digits }, index) => {
      // Every number lies in some file; what lies in a routine may be where one goes back to.
      const [place] = found[index + 1]!.some(({ symbol }) => symbol) ? named[index + 1]! : []
      return { address: at.toString(16), value: digits, ...(place !== undefined && { place }) }
    }),
  }
}

const textOf = ({ instruction, places, registers, stack }: ReplayState): string[] => [
  `Before instruction ${instruction}${places.length === 0 ? '' : `, at ${places.join(' or ')}`}`,
  ...registers,
  ...stack.map(
    (it) => `${it.address}: ${it.value}${it.place === undefined ? '' : `  ${it.place}`}`,
  ),
]

/** Waits until gdb, or the user, has ended it. */
const handOver = async (replayer: Replayer, folder: string): Promise<void> => {
  process.stderr.write(
    `It waits for gdb, until Ctrl-C:\n  cd ${shortPath(folder)} && gdb -ex 'target remote ${gdbSocket}'\n`,
  )
  const signalled = onceSignalled()
  await Promise.race([signalled.signal, replayer.exited])
  signalled.dispose()
}

/** @throws {BootstandError} when a run has no recording. */
const assertRecorded = (folder: string) => {
  const verdict = readVerdict(folder)
  if (verdict?.profile === 'record' && existsSync(path.join(folder, recordingName))) return verdict
  const found =
    verdict === undefined ? 'one without a verdict' : `one of profile ${verdict.profile}`
  throw replayError(
    `Expected a recorded run, found ${found}: ${shortPath(folder)}. Record one: npx bootstand run SCENARIO --record`,
  )
}

/** @throws {BootstandError} when QEMU is another than recorded the run. */
const assertSameEmulator = async (
  emulator: ToolName,
  tools: readonly { readonly name: string; readonly version: string; readonly sha256: string }[],
): Promise<void> => {
  const then = tools.find(({ name }) => name === emulator)
  if (then === undefined || then.sha256 === (await sha256OfProgram(await toolPath(emulator))))
    return
  throw replayError(
    `Expected the ${emulator} that recorded the run (${then.version}), found another. Record the run again.`,
  )
}

const replayError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_REPLAY', 'usage', message)
