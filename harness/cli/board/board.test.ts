import fs from 'node:fs'
import path from 'node:path'
import { execa } from 'execa'
import { beforeEach, expect, test, vi } from 'vitest'
import { readVerdict } from '../../run-folder/verdict-file.ts'
import { packageRoot } from '../../host/paths.ts'
import {
  boardFolder,
  qemuBoardOptions,
  useQemuBoard,
  writeBoards,
} from '../../test-tools/qemu-board.ts'
import {
  bootstand,
  bootstandProcess,
  output,
  runFolders,
  useSandbox,
  writeProject,
  folder,
} from '../../test-tools/sandbox.ts'

useSandbox()
useQemuBoard()

let env: Record<string, string>

beforeEach(() => {
  env = {
    BOOTSTAND_LOCKS: path.join(boardFolder, 'locks'),
    BOOTSTAND_BOARDS: path.join(boardFolder, 'boards.yaml'),
  }
})

test('a file with mistakes is told what was expected, with the nearest name', async () => {
  const { power } = qemuBoardOptions() as { readonly power: object }
  const line = { serial: '/dev/ttyS0', sped: 9600, parity: 'both' }
  writeBoards({ pc1: { lines: [line], power, medium: { resident: true }, poewr: 1 } })
  const { exitCode, stderr } = await bootstand(['board', 'list'], { env })
  expect(exitCode).toBe(2)
  expect(stderr).toContain('found "sped" (did you mean "speed"?)')
  expect(stderr).toContain('found "poewr" (did you mean "power"?)')
  expect(stderr).toContain('"boards.pc1.lines[0].parity": ')
  expect(stderr).not.toContain('    at ')
  const missing = await bootstand(['run', 'pingpong', '--board', 'pc'], {
    env: { ...env, BOOTSTAND_BOARDS: '/nowhere/boards.yaml' },
  })
  expect(missing).toMatchObject({ exitCode: 2 })
  expect(missing.stderr).toContain(
    'Expected a description of boards (docs/boards.md has an example) at /nowhere/boards.yaml, found nothing.',
  )
})

test('a run takes a free board of a kind, and skips what no board can do', async () => {
  const one = { lines: [{ serial: 'pc/com1' }], kind: 'pc' }
  writeBoards({
    ill: qemuBoardOptions({ ...one, health: 'echo no fan >&2; exit 1' }),
    taken: qemuBoardOptions(one),
    pc1: qemuBoardOptions(one),
  })
  writeProject(
    "import { pistachio } from 'bootstand'\nexport default pistachio({ rootTask: 'pingpong' })\n",
    `import { l4linux } from 'bootstand'
import { expect, test } from 'bootstand/testing'
import mine from './mine.ts'
test('prints', async ({ boot }) => {
  const target = await boot(mine)
  await expect(target.herc).toPrint('s: print SQLite table')
})
test('looks', async ({ boot }) => {
  const target = await boot(mine)
  await expect(target.vga).toShow('SeaBIOS')
})
test('talks on two lines', async ({ boot }) => {
  await boot(l4linux())
})
`,
  )
  // Somebody who has a board, as a run that hangs does.
  const holder = execa(
    process.execPath,
    [
      '--import',
      './harness/cli/typescript.mjs',
      'fixtures/board/holder.ts',
      env['BOOTSTAND_BOARDS']!,
    ],
    { env, cwd: packageRoot, reject: false, buffer: false, stdout: 'pipe' },
  )
  await new Promise<void>((resolve) => {
    holder.stdout.once('data', () => resolve())
  })
  const { exitCode, all } = await bootstand(['run', '--board', 'pc'], { cwd: folder, env })
  expect(all).toContain('Board ill is not healthy: A command of board ill failed (1)')
  expect(all).toContain('1 passed, 0 failed, 2 skipped')
  expect(all).toContain('board pc1')
  expect(exitCode).toBe(0)
  const list = await bootstand(['board', 'list'], { env })
  expect(list.stdout).toMatch(/^taken .*held by \S+ for a test that hangs \(process \d+\), since/m)
  expect(list.stdout).toMatch(/^pc1 .*free$/m)
  const busy = await bootstand(['board', 'power', 'taken', 'on'], { env })
  expect(busy).toMatchObject({ exitCode: 3 })
  expect(busy.stderr).toContain('taken is held by')
  // However it ends, its board is free.
  holder.kill('SIGKILL')
  await holder
  const after = await bootstand(['board', 'power', 'taken', 'on'], { env })
  expect(after).toMatchObject({ exitCode: 0, stdout: 'Board taken is on.' })
})

/** A board without anything on its line: its power is a file beside the description. */
const silentBoard = (changes: object = {}): object => ({
  lines: [{ command: 'cat' }],
  power: { command: { on: 'touch on', off: 'rm -f on' }, rest: 0 },
  medium: { resident: true },
  ...changes,
})

const isOn = () => fs.existsSync(path.join(boardFolder, 'on'))

test('a check leaves no board on, whatever ends it', async () => {
  const power = { command: { on: 'touch on; exit 1', off: 'rm -f on' }, rest: 0 }
  writeBoards({ broken: silentBoard({ power }), silent: silentBoard() })
  const broken = await bootstand(['board', 'check', 'broken'], { env })
  expect(broken).toMatchObject({ exitCode: 3 })
  expect(broken.stdout).toContain('✗ A command of board broken failed (1): `touch on; exit 1`')
  expect(isOn()).toBe(false)
  const running = bootstandProcess(['board', 'check', 'silent'], packageRoot, { env })
  await output(running, 'Its power switches on')
  expect(isOn()).toBe(true)
  running.kill('SIGINT')
  await expect(running).resolves.toMatchObject({ exitCode: 130 })
  expect(isOn()).toBe(false)
})

test('Ctrl-C ends the wait for a board, and a boot that has begun on it', async () => {
  writeBoards({ pc1: silentBoard({ lines: [{ command: 'echo here; exec cat' }] }) })
  const holder = bootstandProcess(['board', 'console', 'pc1'], packageRoot, { env })
  await output(holder, 'here')
  const waiting = bootstandProcess(['run', 'pingpong', '--board', 'pc1'], packageRoot, { env })
  await output(waiting, 'Waiting for a board: pc1 is held by ', 'stderr')
  waiting.kill('SIGINT')
  const interrupted = {
    exitCode: 130,
    stderr: expect.stringContaining('bootstand: Interrupted by SIGINT.') as string,
  }
  await expect(waiting).resolves.toMatchObject(interrupted)
  holder.stdin.write('\x1d')
  await holder

  const booting = bootstandProcess(['boot', 'pingpong', '--board', 'pc1'], packageRoot, { env })
  await expect.poll(isOn).toBe(true)
  booting.kill('SIGINT')
  await expect(booting).resolves.toMatchObject(interrupted)
  expect(isOn()).toBe(false)
  const [run] = runFolders()
  expect(readVerdict(path.join(folder, 'runs', run!))).toHaveProperty('outcome', 'cancelled')
})

test('a board is checked, and talked to', async () => {
  writeBoards({ pc1: qemuBoardOptions() })
  // What boots when it is checked.
  const image = path.join(boardFolder, 'pc/medium.img')
  await bootstand(['build', 'pingpong', '--medium', 'disk', '-o', image])
  const check = await bootstand(['board', 'check'], { env })
  expect(check).toMatchObject({ exitCode: 0 })
  expect(check.stdout).toContain('✓ Its power switches off, and it falls silent.')
  expect(check.stdout).toMatch(/✓ COM1 speaks, [\d.]+ m?s after power-on: "/)
  await bootstand(['board', 'power', 'pc1', 'on'], { env })
  const talk = bootstandProcess(['board', 'console', 'pc1', '--boards', env['BOOTSTAND_BOARDS']!])
  let seen = ''
  talk.stdout.on('data', (bytes: Buffer) => (seen += bytes.toString('latin1')))
  // Its menu may have come before anybody listened.
  await vi.waitFor(
    () => {
      talk.stdin.write('1')
      expect(seen).toContain('Benchmarking Inter-AS IPC')
    },
    { timeout: 60_000, interval: 300 },
  )
  talk.stdin.write('\x1d')
  await expect(talk).resolves.toMatchObject({ exitCode: 0 })
  fs.rmSync(image)
  await bootstand(['board', 'power', 'pc1', 'off'], { env })
})
