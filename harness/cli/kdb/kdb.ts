import { errorOutput, output } from '../../host/output.ts'
import type { Verdict } from '../../boot/verdict.ts'
import { usablePattern } from '../../console/wait.ts'
import { exitStatuses } from '../../core/errors.ts'
import { say } from '../print.ts'
import type { Phase } from '../../diagnosis/observer.ts'
import { shortPath } from '../../host/paths.ts'
import { debuggerOf } from '../../kernel/debugger/debugger.ts'
import { phaseLine } from '../../report/phase-line.ts'
import { StatusLine } from '../../report/status-line.ts'
import type { KdbFlags } from '../flags.ts'
import { prompt, talkToDebugger } from './talk.ts'
import { jsonView, textView } from './view.ts'
import { scenarioBoot } from '../scenario-boot.ts'
import { exitStatusOfSignal, onceSignalled } from '../signals.ts'

/** `bootstand kdb`: a scenario, stopped in its kernel's debugger, which is asked in words. */
export const kdb = async (name: string, flags: KdbFlags): Promise<void> => {
  if (flags.after !== undefined) usablePattern(flags.after)
  const isTyped = process.stdin.isTTY && output.isTTY
  const hurry = new AbortController()
  let isBooting = true
  const signalled = onceSignalled({
    endsAtOnce: true,
    interrupts: () => {
      // The second Ctrl-C is a wish to end.
      const isFirst = isTyped && isBooting && !hurry.signal.aborted
      hurry.abort()
      return isFirst
    },
  })
  // Who asks for the debugger wants to stay in it.
  const booted = await scenarioBoot(name, flags, { resumes: false })
  const { profile } = booted
  debuggerOf(profile)
  say(`${booted.label}${isTyped ? '. Ctrl-C breaks in.' : ''}`)
  const progress = bootProgress()
  const done = () => {
    isBooting = false
    progress.done()
  }
  await using target = await booted.start({ onPhase: progress.onPhase })
  signalled.hold()
  output.onceLost(signalled.interrupt)
  const view = flags.json === true ? jsonView(output) : textView(output, errorOutput, prompt)
  const parts = { target, profile, view, isTyped, leave: signalled.interrupt }
  const first = { after: flags.after, hurry: hurry.signal, done }
  const talk = talkToDebugger(parts, first)
  const wishedToEnd = signalled.signal.then(() => undefined)
  const end = await Promise.race([talk, wishedToEnd]).finally(done)
  // Whoever still waits will be told that the machine is gone.
  talk.catch(() => {})
  const verdict = await target.stop()
  view.end(verdict)
  tellEnd(verdict, end?.isOver ?? false)
  signalled.dispose()
  const signal = signalled.received()
  process.exitCode =
    signal === undefined
      ? verdict.culprit === 'host'
        ? exitStatuses.host
        : end?.status
      : exitStatusOfSignal(signal)
}

/** What became of the machine, in a sentence. */
const tellEnd = ({ summary, evidence, notes, runFolder }: Verdict, isOver: boolean): void => {
  const why = [summary, evidence?.sentence].filter(Boolean).join(' ')
  const how = isOver ? why : 'The machine was switched off.'
  say(`${[...notes, how].join('\n')}\nRun folder: ${shortPath(runFolder)}`)
}

/** The phases of a boot, as they are reached. */
const bootProgress = () => {
  const status = new StatusLine(errorOutput)
  let isDone = false
  return {
    onPhase: (name: string, _reached: number, before: Phase | undefined) => {
      if (isDone) return
      status.clear()
      if (before !== undefined) say(phaseLine(before))
      status.start(`  ${name.padEnd(12)}`)
    },
    done: () => {
      isDone = true
      status.clear()
    },
  }
}
