import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach } from 'vitest'
import { packageRoot } from '../host/paths.ts'
import type { Board } from '../target/board/board.ts'
import { readBoards } from '../target/board/boards-file.ts'

const powerSwitch = path.join(packageRoot, 'fixtures/board/power.sh')

/** A folder of the test's own, in which a PC in QEMU passes for a board: its power switch is a program. */
export let boardFolder: string

/** Gives each test of a file such a folder. What runs in it is switched off at the end. */
export const useQemuBoard = (): void => {
  beforeEach(() => {
    boardFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-board-'))
    fs.mkdirSync(path.join(boardFolder, 'pc/tftp'), { recursive: true })
    process.env['BOOTSTAND_RUNS'] = path.join(boardFolder, 'runs')
  })
  afterEach(async () => {
    delete process.env['BOOTSTAND_RUNS']
    await execa(powerSwitch, ['off', 'pc'], { cwd: boardFolder })
    fs.rmSync(boardFolder, { recursive: true })
  })
}

/** What describes the PC, but for what a test says otherwise. */
interface QemuBoardParts {
  readonly lines?: readonly object[]
  readonly power?: object
  readonly medium?: object
  readonly [option: string]: unknown
}

/** Options of a board that is this PC. */
export const qemuBoardOptions = (changes: QemuBoardParts = {}): object => ({
  lines: [{ serial: 'pc/com1' }, { serial: 'pc/com2' }],
  power: { command: { on: `${powerSwitch} on pc`, off: `${powerSwitch} off pc` }, rest: 0 },
  medium: { copy: 'cp "$BOOTSTAND_MEDIUM" pc/medium.img' },
  ...changes,
})

/** Describes boards in a file, as a user does. JSON is YAML. */
export const writeBoards = (boards: Readonly<Record<string, object>>): string => {
  const file = path.join(boardFolder, 'boards.yaml')
  fs.writeFileSync(file, JSON.stringify({ boards }))
  return file
}

/** The board of one description. */
export const qemuBoard = async (changes: QemuBoardParts = {}): Promise<Board> => {
  const [board] = await readBoards(writeBoards({ pc1: qemuBoardOptions(changes) }))
  return board!
}

/** Switches the PC as somebody else would, behind the harness' back. */
export const switchPower = async (verb: 'on' | 'off'): Promise<void> => {
  await execa(powerSwitch, [verb, 'pc'], { cwd: boardFolder })
}
