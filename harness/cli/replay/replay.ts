import { errorOutput, output } from '../../host/output.ts'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { readVerdict } from '../../run-folder/verdict-file.ts'
import { emulatorIn, type Verdict } from '../../boot/verdict.ts'
import { assertRecordableMethod } from '../../boot/recordable.ts'
import { replayedMedium } from '../../boot/run-images.ts'
import { BootstandError } from '../../core/errors.ts'
import { printable } from '../../core/printable.ts'
import { typedWhole } from '../../core/typed.ts'
import { printResult } from '../print.ts'
import { sha256OfProgram } from '../../host/hash.ts'
import { shortPath } from '../../host/paths.ts'
import { hostSlowness } from '../../host/slowness.ts'
import { isRegularFile } from '../../host/regular-file.ts'
import { standInFolder } from '../../host/stand-ins.ts'
import { toolPath } from '../../host/tools.ts'
import { emulatorOf, recordingName, rolesOf } from '../../target/qemu/command-line.ts'
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
  const { machine, method, consoles } = verdict
  await assertSameEmulator(verdict)
  const input = await runInput(runFolder, flags)
  const medium = replayedMedium(method, input.images)
  const roles = rolesOf(consoles)
  const recorded = input.logs
    .map(({ path: file, text }) => ({ role: path.basename(file, '.out'), text }))
    .filter(({ role }) => roles.includes(role))
  const place = placeOf(flags.to ?? '0', recorded, verdict)
  const folder = await newReplayFolder(runFolder)
  const status = new StatusLine(errorOutput)
  let replays = 0
  const start = async () => {
    replays++
    return await Replayer.start({
      ...{ runFolder, folder, machine, medium, roles: consoles },
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
  const sources = sourceFolders(verdict.guests, flags)
  await handOver({
    replayer,
    folder,
    images: input.images,
    at: state.images,
    sources,
    isInteractive,
  })
}

/** Directories for gdb in which sources are whose names are relative, as those of the stand-ins: never one that a verdict names. */
const sourceFolders = (guests: string, { images }: ReplayFlags): string[] => {
  const own = guests === 'stand-ins' ? standInFolder : undefined
  return [images && path.resolve(images), own].flatMap((it) =>
    it === undefined ? [] : [it, path.dirname(it)],
  )
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
  isRegularFile(path.join(recordedRun(folder), recordingName))

/** A run that was recorded, or says so. */
type RecordedVerdict = Verdict & Required<Pick<Verdict, 'machine'>>

/** @throws {BootstandError} when a run has no recording, or one of a boot that is never recorded. */
const assertRecorded = (folder: string): RecordedVerdict => {
  const verdict = readVerdict(folder)
  if (verdict?.profile === 'record' && isRegularFile(path.join(folder, recordingName))) {
    assertRecordableMethod(verdict.method)
    const { machine } = verdict
    if (machine === undefined)
      throw replayError(
        `Expected a recorded run, found one whose verdict names no machine: ${shortPath(folder)}.`,
      )
    if (wasRecordingEnded(folder)) return { ...verdict, machine }
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
const assertSameEmulator = async (verdict: RecordedVerdict): Promise<void> => {
  const name = emulatorOf(verdict.machine)
  const then = emulatorIn(verdict)
  if (then === undefined)
    throw replayError(
      `Expected a verdict that names the ${name} by which the run was recorded, found none. Record the run again.`,
    )
  const now = await toolPath(name)
  if (then.sha256 === (await sha256OfProgram(now))) return
  throw replayError(
    `Expected the ${name} that recorded the run (${printable(then.version)}), found another. Record the run again.`,
  )
}

const replayError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_REPLAY', 'usage', message)
