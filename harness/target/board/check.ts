import { setTimeout as pause } from 'node:timers/promises'
import { formatDuration, visibleText } from '../../core/text.ts'
import { temporaryFolder } from '../../host/temporary-folder.ts'
import { BoardPort } from './board-port.ts'
import { describeLine, type Board } from './board.ts'
import { cycle, fallSilent, powerOf } from './power.ts'

/** One thing that was tried on a board. */
export interface CheckedStep {
  readonly isGood: boolean
  /** A sentence. */
  readonly what: string
}

/** Milliseconds in which a board's firmware or loader says something on COM1. */
const longestSelfTest = 60_000

/**
 * Tries a board's lines and power, from off to its first bytes. What is on it boots. It is off again in the end.
 *
 * @throws {BootstandError} that tells what does not work.
 */
export const checkBoard = async (
  board: Board,
  note: (step: CheckedStep) => void,
  signal?: AbortSignal,
): Promise<void> => {
  await using work = await temporaryFolder()
  const started = performance.now()
  const ports = board.lines.map(
    (line, index) =>
      new BoardPort(line, {
        ...{ folder: work.path, role: `com${index + 1}`, directory: board.directory },
        now: () => performance.now() - started,
        onLost: () => {},
      }),
  )
  const [first] = ports
  const power = powerOf(board, () => first!.line)
  const good = (what: string) => note({ isGood: true, what })
  try {
    for (const [index, port] of ports.entries()) {
      await port.attach()
      const where = describeLine(board.lines[index]!)
      good(port.line === undefined ? `${where} may come with its power.` : `${where} is open.`)
    }
    if (power.kind === 'switch') {
      await power.off(signal)
      await fallSilent(board, ports)
      good('Its power switches off, and it falls silent.')
    }
    signal?.throwIfAborted()
    for (const port of ports) port.begin(undefined, () => {})
    try {
      const onAt = performance.now()
      await cycle(board, power, signal)
      for (const port of ports) await port.present(signal)
      good('Its power switches on, and its lines are there.')
      await firstBytes(first!.transcript, note, onAt, signal)
    } finally {
      if (power.kind === 'switch') {
        await power.off().catch((error: Error) => {
          note({ isGood: false, what: `It may be on: ${error.message}` })
        })
      }
    }
  } finally {
    for (const port of ports) {
      await port.conclude({ what: 'the check is over' })
      await port.release()
    }
  }
}

const firstBytes = async (
  transcript: BoardPort['transcript'],
  note: (step: CheckedStep) => void,
  onAt: number,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const came = await transcript.growth(0, { quiet: longestSelfTest, signal })
  if (!came) {
    note({
      isGood: false,
      what: `COM1 said nothing for ${formatDuration(longestSelfTest)} of power: wrong cable (null-modem?), wrong port or speed, or nothing on the board speaks there.`,
    })
    return
  }
  const after = formatDuration(performance.now() - onAt)
  // A line or two tells more than a byte.
  await pause(300)
  const text = visibleText(transcript.text(0).slice(0, 60))
  const odd = transcript.read(0).filter((it) => it === 0 || it >= 0x80).length
  const isGood = odd * 4 < transcript.size
  const hint = isGood ? '' : ' Most of it is noise: is the speed right?'
  note({ isGood, what: `COM1 speaks, ${after} after power-on: "${text}".${hint}` })
}
