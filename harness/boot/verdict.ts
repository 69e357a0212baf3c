import type { Stop } from '../console/stop.ts'
import type { WaitError } from '../console/wait-error.ts'
import type { Outcome } from '../core/outcome.ts'
import type { Verdict, VerdictTool } from '../run-folder/verdict.ts'
import { emulatorOf } from '../target/qemu/command-line.ts'
import type { TargetEnd, TargetEndKind } from '../target/target.ts'

export type { Verdict, VerdictImage, VerdictTool } from '../run-folder/verdict.ts'

/** The emulator of a boot; a board has none. */
export const emulatorIn = ({
  tools,
  machine,
}: Pick<Verdict, 'tools' | 'machine'>): VerdictTool | undefined => {
  const emulator = machine && emulatorOf(machine)
  return tools.find(({ name }) => name === emulator)
}

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
