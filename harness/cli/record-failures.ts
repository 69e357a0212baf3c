import fs from 'node:fs/promises'
import path from 'node:path'
import { recordableMethods } from '../boot/recordable.ts'
import type { Output } from '../host/output.ts'
import { writeVerdict } from '../run-folder/verdict-file.ts'
import type { Verdict } from '../boot/verdict.ts'
import { BootstandError, type Culprit } from '../core/errors.ts'
import { isWantedOutcome } from '../core/outcome.ts'
import { shownTitle } from '../core/text.ts'
import type { BootMethod } from '../media/medium.ts'
import { ResultsReporter, testTitle, type Recording, type TestOutcome } from '../report/results.ts'
import { StatusLine } from '../report/status-line.ts'
import { isHostOutcome } from '../testing/retry.ts'
import type { RunDefaults } from '../testing/test.ts'
import { failureOf, maybeSameFailure } from '../evidence/failure.ts'
import { replayLine } from '../evidence/recorded-run.ts'
import { runInput } from '../evidence/run-input.ts'
import type { Signalled } from './signals.ts'
import { wasRecordingEnded } from '../target/qemu/recording.ts'
import { runTests, type Interruption, type TestRun } from './test-run.ts'

/** How many failed tests are run again: one that hangs takes as long again. */
const most = 3

/** Where the recorded runs lie in the failed one's folder: who takes that along has them too. */
const recordedFolder = 'recorded'

/**
 * Runs the tests that failed by what the guest did once more, with recording on. They stay failed.
 *
 * @param run Over; is told what came of it.
 * @param out Where to say it to people.
 * @returns how that was interrupted, if it was.
 */
export const recordFailures = async (
  { results, defaults }: Pick<TestRun, 'defaults'> & { readonly results: ResultsReporter },
  out: Output,
  signals: Signalled,
): Promise<Interruption | undefined> => {
  const failures = results.outcomes.filter(isUnrecorded)
  if (failures.length === 0) return undefined
  const tried = failures.filter((it) => whyNotTried(it) === undefined)
  const say = (line: string) => out.line(line)
  say('Recording what failed (--no-record-failures leaves that out):')
  const status = new StatusLine(out)
  for (const failure of tried.slice(0, most)) {
    const title = testTitle(failure.record)
    status.start(`  ${shownTitle(title)}  `)
    const again = await runAgain(failure, { ...defaults, retries: 0 }, signals).finally(() =>
      status.clear(),
    )
    if ('sentence' in again) return again
    const { recording, verdict } = again
    results.addRecording(failure, recording, verdict)
    say(`  ${title}: ${sentenceOf(recording, failure)}`)
  }
  for (const failure of failures) {
    const reason = whyNotTried(failure)
    if (reason === undefined) continue
    const recording = { result: 'not-recorded', reason } as const
    results.addRecording(failure, recording, undefined)
    say(`  ${testTitle(failure.record)}: ${sentenceOf(recording, failure)}`)
  }
  const others = tried.slice(most)
  const reason = `${most} failed tests at most are tried`
  for (const it of others) results.addRecording(it, { result: 'not-recorded', reason }, undefined)
  if (others.length > 0)
    say(
      `  ${others.length} more ${others.length === 1 ? 'is' : 'are'} not recorded: ${reason} (--record records every boot that can be)`,
    )
  say('')
  return undefined
}

/** Whether it has failed, and what it booted cannot be replayed yet. */
const isUnrecorded = (test: TestOutcome): boolean =>
  test.record.state === 'failed' && test.boots.length > 0 && failedBoot(test).profile !== 'record'

/** Why it would not fail again so, or QEMU cannot record it. */
const whyNotTried = ({ errors, boots }: TestOutcome): string | undefined => {
  if (boots.some(({ board }) => board !== undefined)) return 'it booted on a board'
  const disturbed = boots.find(isDisturbed)
  if (disturbed !== undefined) return disturbed.summary
  const culprits = errors.map((it) => (Object(it) as { culprit?: Culprit }).culprit ?? 'guest')
  const culprit = culprits.find((it) => it !== 'guest')
  return culprit && blamed[culprit]
}

const blamed: Readonly<Record<Exclude<Culprit, 'guest'>, string>> = {
  usage: 'the mistake is in the test or its scenario, not in what the guest did',
  bootset: 'the mistake is in what was to be booted, not in what the guest did',
  host: "the failure is the host's, not the guest's",
  harness: "the failure is Bootstand's, not the guest's",
}

/** Whether a boot has ended by something else than its guest. */
const isDisturbed = ({ outcome }: Verdict): boolean =>
  isHostOutcome(outcome) || outcome === 'cancelled'

interface Again {
  readonly recording: Recording
  /** Of the failed boot, where it names the recorded run now. */
  readonly verdict?: Verdict
}

const runAgain = async (
  failure: TestOutcome,
  defaults: RunDefaults,
  signals: Signalled,
): Promise<Again | Interruption> => {
  const failed = failedBoot(failure)
  const folder = path.join(failed.runFolder, recordedFolder)
  const results = new ResultsReporter()
  const testRun = {
    testFiles: [failure.path],
    only: failure.id,
    env: { BOOTSTAND_RUNS: folder },
    defaults: { ...defaults, profile: 'record', method: methodFor(failed) },
    live: { current: `the recording of ${testTitle(failure.record)}` },
    results,
  } as const
  let judged: Again | Interruption | undefined
  try {
    const interruption = await runTests(testRun, signals)
    const again = results.outcomes.find(({ id }) => id === failure.id)
    judged =
      interruption ?? (await judge(failed, again, failure.boots.indexOf(failed)).catch(hostReason))
    return judged
  } finally {
    const isKept =
      judged !== undefined && 'recording' in judged && judged.recording.runFolder !== undefined
    if (!isKept) await fs.rm(folder, { recursive: true, force: true })
  }
}

/** As it was booted, where QEMU can run that again. */
const methodFor = ({ method }: Verdict): BootMethod =>
  recordableMethods.has(method) ? method : 'direct'

/** Of several boots the last one that went wrong, else the last one. */
const failedBoot = ({ boots }: TestOutcome): Verdict =>
  boots.findLast(({ outcome }) => !isWantedOutcome(outcome)) ?? boots.at(-1)!

/** @param index Of the failed boot among those of its test. */
const judge = async (
  failed: Verdict,
  again: TestOutcome | undefined,
  index: number,
): Promise<Again> => {
  const boot = again?.boots[index]
  const reason = whyNotRecorded(again, boot)
  if (reason !== undefined) return { recording: { result: 'not-recorded', reason } }
  if (again!.record.state === 'passed') return { recording: { result: 'passed' } }
  const { runFolder } = boot!
  if (!(await isSame(failed, boot!)))
    return { recording: { result: 'failed-otherwise', runFolder } }
  const verdict = { ...failed, recorded: path.relative(failed.runFolder, runFolder) }
  await writeVerdict(verdict)
  return { recording: { result: 'failed-again', runFolder }, verdict }
}

const whyNotRecorded = (
  again: TestOutcome | undefined,
  boot: Verdict | undefined,
): string | undefined => {
  const state = again?.record.state
  if (state === 'not-run') return 'its process died'
  if (again === undefined || state === 'skipped' || state === 'cancelled')
    return again?.record.note ?? 'the test was not found again'
  const errors = again.errors as readonly { readonly code?: string; readonly message: string }[]
  const refusal = errors.find(({ code }) => code === 'BOOTSTAND_RECORD')
  if (refusal !== undefined) return firstLine(refusal.message)
  const otherwise = again.boots.find(({ profile }) => profile !== 'record')
  if (otherwise !== undefined) return `the test itself wants the profile ${otherwise.profile}`
  if (boot === undefined) return firstLine(errors[0]?.message ?? 'it did not boot')
  if (isDisturbed(boot)) return boot.summary
  if (again.record.state === 'failed' && !wasRecordingEnded(boot.runFolder))
    return 'QEMU was killed before it had ended the recording'
  return undefined
}

const isSame = async (failed: Verdict, again: Verdict): Promise<boolean> => {
  const before = await failureOf(await runInput(failed.runFolder))
  const after = await failureOf(await runInput(again.runFolder))
  return before === undefined
    ? after === undefined && failed.outcome === again.outcome
    : maybeSameFailure(before, after)
}

const hostReason = (error: unknown): Again => {
  if (!(error instanceof BootstandError)) throw error
  return { recording: { result: 'not-recorded', reason: firstLine(error.message) } }
}

const firstLine = (text: string): string => text.split('\n')[0]!

const sentenceOf = ({ result, runFolder, reason }: Recording, failure: TestOutcome): string => {
  const failed = failedBoot(failure)
  const isOther = methodFor(failed) !== failed.method
  const medium = isOther ? `, or on how it boots (${failed.method}; recorded by direct)` : ''
  return {
    'failed-again': () => `fails again, recorded: ${replayLine(failed.runFolder)}`,
    'failed-otherwise': () => `fails in another way when it is recorded: ${replayLine(runFolder!)}`,
    passed: () => `passes when it is recorded: the failure depends on the host's timing${medium}`,
    'not-recorded': () => `is not recorded: ${reason}`,
  }[result]()
}
