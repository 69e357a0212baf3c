import { output } from '../../host/output.ts'
import { BootstandError } from '../../core/errors.ts'
import { typedWhole } from '../../core/typed.ts'
import { describeLine } from '../../target/board/board.ts'
import { openLine } from '../../target/board/open-line.ts'
import { takeBoard } from '../../target/board/take-board.ts'
import type { BoardConsoleFlags } from '../flags.ts'
import { takeKeyboard } from '../keyboard.ts'
import { RawView } from '../raw-view.ts'
import { boardsOf } from '../on-board.ts'
import { say } from '../print.ts'
import { exitStatusOfSignal, onceSignalled } from '../signals.ts'

/** Ctrl-], as telnet has it. */
const leaveKey = 0x1d

/** `bootstand board console`: a board's line on this terminal, whatever the board does; its power is left alone. */
export const boardConsole = async (name: string, flags: BoardConsoleFlags): Promise<void> => {
  await using taken = await takeBoard(name, {
    ...boardsOf(flags),
    purpose: `bootstand board console ${name}`,
    within: 0,
  })
  const { board } = taken
  const option = `--port for board ${board.name}`
  const port = typedWhole(option, flags.port, { most: board.lines.length })
  const description = board.lines[port - 1]!
  const signalled = onceSignalled()
  let lost: string | undefined
  using view = new RawView(output)
  const line = await openLine(description, board.directory, {
    onBytes: (bytes) => view.write(bytes),
    onTrouble: (trouble) => say(`\n[${trouble}]`),
    onLost: (reason) => {
      lost = reason
      signalled.interrupt()
    },
  })
  say(`Board ${board.name}, ${describeLine(description)}. Ctrl-] leaves.`)
  const console = { role: 'com1', pass: async (bytes: Buffer) => await line.write(bytes) }
  const giveBack = takeKeyboard([console], {
    leaveKey,
    leave: signalled.interrupt,
    ended: signalled.interrupt,
  })
  await signalled.signal
  giveBack()
  await line.close()
  signalled.dispose()
  if (lost !== undefined) throw new BootstandError('BOOTSTAND_LINE', 'host', `${lost}.`)
  const signal = signalled.received()
  if (signal !== undefined) process.exitCode = exitStatusOfSignal(signal)
}
