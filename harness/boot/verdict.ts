import type { Stop } from '../console/stop.ts'
import type { Evidence } from '../console/diagnosis.ts'
import type { WaitError } from '../console/wait-error.ts'
import type { Culprit } from '../core/errors.ts'
import type { Outcome } from '../core/outcome.ts'
import type { Measurement, Phase } from '../diagnosis/observer.ts'
import type { BootMethod } from '../media/medium.ts'
import type { ConsoleRoles } from './scenario.ts'
import type { Profile, TargetEnd, TargetEndKind } from '../target/target.ts'

/** A file that was booted. */
export interface VerdictImage {
  readonly role: string
  /** On the boot medium; absent for a finished disk. */
  readonly name?: string
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Missing for a finished disk that is too large to read for it. */
  readonly sha256?: string
  readonly arguments: string
}

/** An outside program that took part in a boot. */
export interface VerdictTool {
  readonly name: string
  readonly version: string
  readonly path: string
  readonly sha256: string
}

/** What is known of a boot when it is over: the run folder's `verdict.json`. */
export interface Verdict {
  readonly scenario: string
  /** The test that booted it, where there was one. */
  readonly test?: string
  /** Which attempt of that test it was: more than 1 where its host failed before. */
  readonly attempt: number
  readonly outcome: Outcome
  /** Who has to act; nobody when the boot finished or was cancelled. */
  readonly culprit?: Culprit
  /** One clause. */
  readonly summary: string
  /** What an examination of the machine found, where the last wait missed its deadline. */
  readonly evidence?: Evidence
  /** Absolute path. */
  readonly runFolder: string
  /** `stand-ins`, the directory that the images came from, or the finished disk. */
  readonly guests: string
  readonly method: BootMethod
  /** Whether its test named the method, which is then the same whatever a command line says. */
  readonly ownMethod?: true
  /** By which clock it ran; of a `deterministic` one, whether every key came at an instruction of the guest's. */
  readonly profile: Profile
  readonly isExact: boolean
  /** The folder of the checkpoint from which it went on, where it did not begin with power-on. */
  readonly from?: string
  /** The folder, relative to this run's, of a recorded boot of the same test that failed in the same way. */
  readonly recorded?: string
  /** Name of the real machine that it booted on; QEMU's without. */
  readonly board?: string
  /** What the ports are called. */
  readonly consoles: ConsoleRoles
  /** What there is to know about the boot medium, one sentence each. */
  readonly notes: readonly string[]
  readonly phases: readonly Phase[]
  readonly measurements: readonly Measurement[]
  /** What the guest printed after which it does not go on by itself, awaited or not. */
  readonly stops: readonly Stop[]
  /** What the kernel's debugger answered when the boot had gone wrong; whole in `interrogation.json`. */
  readonly interrogation: readonly string[]
  readonly images: readonly VerdictImage[]
  /** By which deadlines were longer than their authors wrote them: `bootstand doctor` measures it. */
  readonly slowness: number
  /** Versions of Bootstand and Node. */
  readonly harness: { readonly version: string; readonly node: string }
  /** The outside programs that took part. */
  readonly tools: readonly VerdictTool[]
  /** The emulator's command line, run in the run folder's `medium`; empty on a board. */
  readonly command: readonly string[]
  /** ISO 8601, UTC. */
  readonly startedAt: string
}

/** The emulator of a boot; a board has none. */
export const emulatorIn = ({
  tools,
  command,
}: Pick<Verdict, 'tools' | 'command'>): VerdictTool | undefined =>
  tools.find(({ name }) => name === command[0])

/** Of which a boot's outcome is made. */
export interface Ending {
  /** How the machine ended. */
  readonly end: TargetEnd
  /** How the last wait failed, if it did. */
  readonly failure?: WaitError | undefined
  /** Whether anything was awaited; it was unless it is said otherwise. */
  readonly waited?: boolean
  /** Ends the boot from outside. */
  readonly signal?: AbortSignal | undefined
  /** A crash that the guest has printed. */
  readonly crash?: { readonly stop: Stop; readonly awaited: boolean } | undefined
  /** Whether it still ran when its debugger was asked: if it has reset since, the questions made it. */
  readonly asked?: boolean
}

/** What a verdict says in short. */
export type Judgement = Pick<Verdict, 'outcome' | 'culprit' | 'summary' | 'evidence'>

/** How a boot ended, and who is to blame. */
export const judge = ({
  end,
  failure,
  waited = true,
  signal,
  crash,
  asked = false,
}: Ending): Judgement => {
  const byItself = !asked || end.kind === 'emulator-failed'
  if (end.kind !== 'switched-off' && byItself) {
    const { kind, culprit, what: summary } = end
    return { outcome: endOutcomes[kind], ...(culprit && { culprit }), summary }
  }
  if (signal?.aborted === true) {
    const { reason } = signal as { reason: unknown }
    const summary = reason instanceof Error ? reason.message : 'the run was cancelled'
    return { outcome: 'cancelled', summary }
  }
  if (failure !== undefined) return judgeWait(failure)
  if (crash === undefined) {
    const summary = waited ? 'everything awaited was seen' : 'nothing was awaited'
    return { outcome: 'finished', summary }
  }
  const { stop, awaited } = crash
  return awaited
    ? { outcome: 'expected-panic', summary: `${stop.meaning}, as awaited` }
    : {
        outcome: 'crashed',
        culprit: stop.culprit,
        summary: `${stop.meaning}, but nobody awaited it`,
      }
}

const endOutcomes: Record<Exclude<TargetEndKind, 'switched-off'>, Outcome> = {
  reset: 'reset',
  'triple-fault': 'triple-fault',
  shutdown: 'shutdown',
  panic: 'crashed',
  'emulator-failed': 'emulator-failed',
}

const judgeWait = ({ failure, culprit, message, stop, diagnosis }: WaitError): Judgement => {
  const [summary] = message.split('\n')
  const told = { culprit, summary: summary! }
  if (stop !== undefined) return { outcome: stop.outcome, ...told }
  if (diagnosis !== undefined)
    return { outcome: diagnosis.outcome, ...told, evidence: diagnosis.evidence }
  if (failure === 'printed') return { outcome: 'not-quiet', ...told }
  // A console that ends while its machine runs can no longer be recorded.
  if (failure === 'ended') return { outcome: 'host-failed', ...told }
  return { outcome: 'still-printing', ...told }
}
