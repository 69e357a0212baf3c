import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { boot } from '../boot/boot.ts'
import { pistachio } from '../boot/pistachio.ts'
import type { Scenario } from '../boot/scenario.ts'
import type { Outcome } from '../core/outcome.ts'
import { packageRoot } from '../host/paths.ts'
import { readBoards } from '../target/board/boards-file.ts'
import { median } from './statistics.ts'

/** What is booted in turn, what is awaited, and the only right verdict. */
const turns: readonly (readonly [Scenario, awaited: string, Outcome])[] = [
  [pistachio({ rootTask: 'pingpong' }), 's: print SQLite table', 'finished'],
  [pistachio({ rootTask: 'rt-triplefault' }), 'never', 'reset'],
  [pistachio({ rootTask: 'rt-ud2' }), 'never', 'crashed'],
  [pistachio({ rootTask: 'rt-kdbenter' }), 'never', 'waiting-in-debugger'],
  [pistachio({ rootTask: 'rt-spin' }), 'never', 'silent'],
]

/** Milliseconds that a wait may take that nothing ends. */
const within = 5_000

/** Power cycles of a board, which is QEMU behind a pty and a power switch: the verdicts must all be right. */
export const board = async (_images: string | undefined, cycles = 20): Promise<void> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-bench-board-'))
  const power = path.join(packageRoot, 'fixtures/board/power.sh')
  const description = {
    lines: [{ serial: 'pc/com1' }],
    power: { command: { on: `${power} on pc`, off: `${power} off pc` }, rest: 0 },
    medium: { copy: 'cp "$BOOTSTAND_MEDIUM" pc/medium.img' },
  }
  fs.mkdirSync(path.join(folder, 'pc'))
  fs.writeFileSync(
    path.join(folder, 'boards.yaml'),
    JSON.stringify({ boards: { pc: description } }),
  )
  process.env['BOOTSTAND_RUNS'] = path.join(folder, 'runs')
  const [pc] = await readBoards(path.join(folder, 'boards.yaml'))
  const [seen, times]: [Map<string, number>, number[]] = [new Map(), []]
  let wrong = 0
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      const [scenario, awaited, right] = turns[cycle % turns.length]!
      const started = performance.now()
      await using target = await boot(scenario, { board: pc })
      await target.consoles[0]!.waitFor(awaited, { within }).catch(() => {})
      const { outcome, runFolder, summary } = await target.stop()
      times.push(performance.now() - started)
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
      if (outcome === right) fs.rmSync(runFolder, { recursive: true })
      else {
        wrong++
        process.stdout.write(
          `cycle ${cycle}: ${outcome}, not ${right}: ${summary} (${runFolder})\n`,
        )
      }
    }
  } finally {
    await execa(power, ['off', 'pc'], { cwd: folder })
    if (wrong === 0) fs.rmSync(folder, { recursive: true })
  }
  const told = [...seen].map(([outcome, count]) => `${count} ${outcome}`).join(', ')
  process.stdout.write(
    `board: ${cycles} power cycles, ${cycles - wrong} right verdicts (${told}), median ${Math.round(median(times))} ms\n`,
  )
  if (wrong > 0) process.exitCode = 1
}
