import { output } from '../../host/output.ts'
import path from 'node:path'
import type { BootedTarget } from '../../boot/target.ts'
import { WaitError } from '../../console/wait-error.ts'
import { BootstandError, exitStatuses, failedStatus } from '../../core/errors.ts'
import { say } from '../print.ts'
import { stateFolder } from '../../host/paths.ts'
import type { Debugger } from '../../kernel/debugger/debugger.ts'
import { questionedDebugger } from '../../kernel/debugger/questions.ts'
import type { KernelProfile } from '../../kernel/profile.ts'
import { copyTo } from '../copy-console.ts'
import { RawView } from '../raw-view.ts'
import { reachDebugger } from './entry.ts'
import { commandHistory } from './history.ts'
import { pipedLines, typedLines, type CommandLines } from './lines.ts'
import { kdbSession, type Session } from './session.ts'
import type { KdbView } from './view.ts'
import { takeKeyboard } from '../keyboard.ts'

/** What asks for a command. */
export const prompt = 'kdb> '

/** Ctrl-C, as it comes from a terminal that passes every key on. */
const breakKey = 3

/** Milliseconds that a boot may take to its last milestone, or to the text that was asked for. */
const longestBoot = 60_000

/** What a root task may take to crash or to fall silent, in milliseconds, before it is broken into. */
const settling = { within: 2_000, silence: 300 } as const

/** After so much silence, or so long, a guest is broken into where nobody is there to do it. */
const unattended = { within: 60_000, silence: 5_000 } as const

/** With somebody there it goes on as long as it likes. */
const attended = { within: 2 ** 31 - 1 } as const

/** What a session takes place with. */
export interface TalkParts {
  readonly target: BootedTarget
  readonly profile: KernelProfile
  readonly view: KdbView
  /** Whether somebody types at a terminal. */
  readonly isTyped: boolean
  readonly leave: () => void
}

/** How the debugger is entered first. */
export interface FirstEntry {
  /** A text behind which the guest is broken into; its last milestone otherwise. */
  readonly after: string | undefined
  /** Breaks in at once. */
  readonly hurry: AbortSignal
  /** The boot is over: the guest stands in its debugger, or something is to be said. */
  readonly done: () => void
}

/** How a session has come to its end. */
export interface Talk {
  /** Of the process. */
  readonly status: number
  /** Whether the guest ended it: it is gone, or out of reach. */
  readonly isOver: boolean
}

/** Waits for the debugger, and does what it is told. */
export const talkToDebugger = async (parts: TalkParts, first: FirstEntry): Promise<Talk> => {
  const { target, profile, view, isTyped } = parts
  const questioned = questionedDebugger(target.consoles[0]!, profile)
  try {
    await enterFirst(parts, questioned.debugger, first)
  } catch (error) {
    // The verdict says it.
    if (error instanceof WaitError) return { status: failedStatus, isOver: true }
    throw error
  }
  const goOn = async (text: string | undefined) =>
    await lines.lend(async () => await letGoOn(parts, questioned.debugger, text))
  const session = kdbSession({ ...questioned, target, view, goOn })
  const history = commandHistory(path.join(stateFolder(), 'kdb-history'))
  const lines = isTyped ? typedLines({ prompt, history, complete: session.complete }) : pipedLines()
  try {
    await session.tellStop(0, { isSeen: false })
    const talk = await followLines(lines, session, parts)
    // Whoever types has seen what was wrong, and went on.
    return isTyped ? { ...talk, status: 0 } : talk
  } finally {
    lines.close()
  }
}

const enterFirst = async (
  { target, profile }: TalkParts,
  known: Debugger,
  { after, hurry, done }: FirstEntry,
): Promise<void> => {
  const text = after ?? profile.milestones.at(-1)?.pattern
  const stop = after === undefined ? settling : undefined
  const note = (sentence: string) => {
    done()
    say(sentence)
  }
  await reachDebugger(target.consoles, known, { text, stop, within: longestBoot, hurry, note })
  done()
}

/** Lets the guest go on with the keyboard and the terminal, until its debugger has it again. */
const letGoOn = async (
  { target, view, isTyped, leave }: TalkParts,
  known: Debugger,
  text: string | undefined,
): Promise<void> => {
  const [console] = target.consoles
  const { transcript } = console!
  const patience = isTyped ? attended : unattended
  const [interrupted, shown] = [new AbortController(), new AbortController()]
  const from = transcript.size
  await known.continue()
  using raw = view.isLive ? new RawView(output) : undefined
  const showing = raw && copyTo(raw, transcript, { from, signal: shown.signal })
  const wishes = { leaveKey: breakKey, leave: () => interrupted.abort(), ended: leave }
  const giveBack = isTyped ? takeKeyboard(target.consoles, wishes) : undefined
  try {
    const stop = text === undefined ? patience : undefined
    const { within } = patience
    const hurry = interrupted.signal
    await reachDebugger(target.consoles, known, { text, stop, within, hurry, note: say })
  } finally {
    giveBack?.()
    shown.abort()
    await showing
    if (view.isLive) output.write('\n')
  }
}

/** Does what each line says, until there are no more or the guest is gone. */
const followLines = async (
  lines: CommandLines,
  session: Session,
  { target, view, isTyped }: TalkParts,
): Promise<Talk> => {
  const statuses = new Set<number>()
  const gone = target.ended.then(() => null)
  for (;;) {
    const line = await Promise.race([lines.next(), gone])
    if (line === null) return { status: statusOf(statuses), isOver: true }
    const command = line?.trim()
    if (command === undefined || command === 'quit') break
    if (command === '') continue
    if (!isTyped) view.echo(command)
    try {
      await session.perform(command)
    } catch (error) {
      if (!(error instanceof BootstandError)) throw error
      if (error instanceof WaitError) {
        const isGone = error.failure === 'ended'
        const isAnswer = isGone && command.startsWith('continue') && !lines.isWaiting()
        // What goes on may come to its end; what was asked for was to be answered.
        if (!isAnswer) statuses.add(failedStatus)
        view.lost(command, isGone ? (await target.ended).what : error.message.split('\n')[0]!)
        return { status: statusOf(statuses), isOver: true }
      }
      view.wrong(command, error.message)
      statuses.add(error.exitStatus)
    }
  }
  return { status: statusOf(statuses), isOver: false }
}

const statusOf = (statuses: ReadonlySet<number>): number =>
  statuses.has(exitStatuses.usage) ? exitStatuses.usage : Math.max(0, ...statuses)
