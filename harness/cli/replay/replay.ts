import { errorOutput, output } from '../../host/output.ts'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { readVerdict } from '../../run-folder/verdict-file.ts'
import { emulatorIn, type Verdict } from '../../boot/verdict.ts'
import { BootstandError } from '../../core/errors.ts'
import { typedWhole } from '../../core/typed.ts'
import { printResult } from '../print.ts'
import { sha256OfProgram } from '../../host/hash.ts'
import { shortPath } from '../../host/paths.ts'
import { hostSlowness } from '../../host/slowness.ts'
import { toolPath, type ToolName } from '../../host/tools.ts'
import { recordingName } from '../../target/qemu/command-line.ts'
import { StatusLine } from '../../report/status-line.ts'
import { wasRecordingEnded } from '../../target/qemu/recording.ts'
import { Replayer } from '../../target/qemu/replayer.ts'
import type { ReplayFlags } from '../flags.ts'
import { handOver } from './gdb.ts'
import { recordedRun } from '../../evidence/recorded-run.ts'
import { newReplayFolder } from './folder.ts'
import { placeOf, type Recorded } from './place.ts'
import { replayTo } from './search.ts'
import { stateOf, textOf } from './state.ts'
import { runInput } from '../../evidence/run-input.ts'
import { findRun } from '../../evidence/find-run.ts'

/** `bootstand replay`: runs a recorded run again. */
export const replay = async (name: string | undefined, flags: ReplayFlags): Promise<void> => {
  const runFolder = recordedRun(findRun(name, isRecorded))
  const [back, lines] = [numberOf('back', flags), numberOf('trail', flags)]
  const verdict = assertRecorded(runFolder)
  const { command } = verdict
  await assertSameEmulator(verdict)
  const input = await runInput(runFolder)
  const recorded = input.logs.map(({ path: file, text }) => ({
    role: path.basename(file, '.out'),
    text,
  }))
  const place = placeOf(flags.to ?? '0', recorded, verdict)
  const folder = await newReplayFolder(runFolder)
  const status = new StatusLine(errorOutput)
  let replays = 0
  const start = async () => {
    replays++
    return await Replayer.start({
      ...{ runFolder, folder, command, roles: recorded.map(({ role }) => role) },
      slowness: hostSlowness(),
      onAdvance: (at) => status.note(`replay ${replays}, ${at.toLocaleString('en')} instructions`),
    })
  }
  status.start(flags.to === undefined ? 'replaying ' : 'looking for that place ')
  if (flags.to === undefined && flags.gdb !== true) {
    await using replayer = await start()
    await replayer.run().finally(() => status.clear())
    compare(replayer.instruction, folder, recorded, flags)
    return
  }
  const traced = lines === 0 ? 0 : tracedInstructions
  const found = replayTo(place, start, { back, traced }).finally(() => status.clear())
  const { replayer: there, executed } = await found
  await using replayer = there
  const state = await stateOf(replayer, input.booted, { executed, lines })
  printResult(flags, { folder, ...state }, () => textOf(state))
  if (flags.gdb !== true) return
  const isInteractive = process.stdin.isTTY && output.isTTY && flags.json !== true
  await handOver({ replayer, folder, images: input.images, at: state.images, isInteractive })
}

/** Tells whether the consoles have printed again what they had. */
const compare = (
  instruction: number,
  folder: string,
  recorded: readonly Recorded[],
  flags: ReplayFlags,
): void => {
  const consoles = recorded.map(({ role, text }) => {
    const again = readFileSync(path.join(folder, `${role}.out`), 'latin1')
    return { role, bytes: text.length, ...compared(text, again) }
  })
  printResult(flags, { folder, instruction, consoles }, () => [
    `${shortPath(path.dirname(folder))} was run again, ${instruction} instructions, into ${shortPath(folder)}:`,
    ...consoles.map(({ role, bytes, differsAt }) =>
      differsAt === undefined
        ? `${role}: the same ${bytes} bytes`
        : `${role}: other bytes from offset ${differsAt} on`,
    ),
  ])
  if (consoles.some(({ isSame }) => !isSame)) process.exitCode = 1
}

/** Among which the routines are looked for that a replay came through last. */
const tracedInstructions = 2 ** 16

const compared = (
  text: string,
  again: string,
): { readonly isSame: boolean; readonly differsAt?: number } => {
  if (text === again) return { isSame: true }
  let differsAt = 0
  while (text[differsAt] === again[differsAt]) differsAt++
  return { isSame: false, differsAt }
}

/** @throws {BootstandError} when it is no number, or of no place. */
const numberOf = (name: 'back' | 'trail', flags: ReplayFlags): number => {
  const typed = flags[name]
  if (typed === undefined) return 0
  if (flags.to === undefined)
    throw replayError(`Expected --to, too: --${name} looks back from there.`)
  return typedWhole(`--${name}`, typed, { least: 0, most: Number.MAX_SAFE_INTEGER })
}

/** Whether a run, or the one in it that records its failure, can be replayed. */
const isRecorded = (folder: string): boolean =>
  existsSync(path.join(recordedRun(folder), recordingName))

/** @throws {BootstandError} when a run has no recording. */
const assertRecorded = (folder: string) => {
  const verdict = readVerdict(folder)
  if (verdict?.profile === 'record' && existsSync(path.join(folder, recordingName))) {
    if (wasRecordingEnded(folder)) return verdict
    throw replayError(
      `Expected a recording that QEMU has ended, found one before whose end it was killed: ${shortPath(folder)}. Record the boot again.`,
    )
  }
  const found =
    verdict === undefined
      ? 'one without a verdict'
      : verdict.profile === 'record'
        ? `one whose ${recordingName} is gone`
        : `one of profile ${verdict.profile}`
  throw replayError(
    `Expected a recorded run, found ${found}: ${shortPath(folder)}. Record one: npx bootstand run SCENARIO --record`,
  )
}

/** @throws {BootstandError} when QEMU is another than recorded the run. */
const assertSameEmulator = async (verdict: Verdict): Promise<void> => {
  const then = emulatorIn(verdict)
  if (then === undefined) return
  const now = await toolPath(then.name as ToolName)
  if (then.sha256 === (await sha256OfProgram(now))) return
  throw replayError(
    `Expected the ${then.name} that recorded the run (${then.version}), found another. Record the run again.`,
  )
}

const replayError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_REPLAY', 'usage', message)
