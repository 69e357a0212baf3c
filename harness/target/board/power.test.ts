import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { atTerminal } from '../../test-tools/terminal.ts'
import { boardsSchema, type Board } from './board.ts'
import type { Line } from './line.ts'
import { cycle, powerOf } from './power.ts'

const boardOf = (power: object): Board => {
  const lines = [{ serial: '/dev/ttyS0' }]
  const { boards } = boardsSchema.parse({
    boards: { pc1: { lines, power: { rest: 0, ...power }, medium: { resident: true } } },
  })
  return { ...boards['pc1']!, name: 'pc1', kind: 'pc1', directory: '/' }
}

const servers: http.Server[] = []
afterEach(() => {
  for (const server of servers) server.close()
  servers.length = 0
})

test('a network plug is called, and its refusal is told', async () => {
  const calls: string[] = []
  const server = http.createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`)
    response.statusCode = request.url === '/off' ? 503 : 200
    response.end()
  })
  servers.push(server)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const power = powerOf(
    boardOf({ http: { on: `${base}/on`, off: `${base}/off`, method: 'POST' } }),
    () => undefined,
  )
  if (power.kind !== 'switch') throw new Error('expected a switch')
  await power.on()
  await expect(power.off()).rejects.toThrow(
    `The power switch of board pc1 refused: POST ${base}/off answered 503 Service Unavailable.`,
  )
  expect(calls).toEqual(['POST /on', 'POST /off'])
})

test('a button on a control line is pressed and let go', async () => {
  const pressed: string[] = []
  const line = {
    setControl: async (which: string, isOn: boolean) => void pressed.push(`${which} ${isOn}`),
  } as unknown as Line
  const board = boardOf({ control: { line: 'rts', as: 'button', inverted: true, held: 1 } })
  await cycle(
    board,
    powerOf(board, () => line),
  )
  expect(pressed).toEqual(['rts false', 'rts true'])
  await expect(
    cycle(
      board,
      powerOf(board, () => undefined),
    ),
  ).rejects.toThrow('Board pc1 is switched by RTS of COM1, whose line is away.')
})

test('a command that fails is told with its words', async () => {
  const board = boardOf({ command: { reset: 'echo the relay is stuck; exit 4' } })
  await expect(
    cycle(
      board,
      powerOf(board, () => undefined),
    ),
  ).rejects.toThrow(
    'A command of board pc1 failed (4): `echo the relay is stuck; exit 4`\nthe relay is stuck',
  )
})

test('power is either switched on and off, or reset', () => {
  for (const command of [{ on: 'true' }, { on: 'a', off: 'b', reset: 'c' }, {}]) {
    expect(() => boardOf({ command })).toThrow('expected `on` and `off`, or `reset`')
  }
  expect(() => boardOf({})).toThrow('expected one of command, http, control, ask')
})

/** A program that asks a person to switch a board on, at a terminal of its own. */
const askingProgram = (rest: string) => {
  const program = [
    "import { powerOf } from './harness/target/board/power.ts'",
    "const power = powerOf({ name: 'pc1', power: { ask: true } }, () => undefined)",
    rest,
  ].join('; ')
  const command = `${process.execPath} --import ./harness/cli/typescript.mjs --input-type=module -e "${program}"`
  return atTerminal(command, { timeout: 100_000 })
}

test('a person is asked at the terminal', async () => {
  const asking = askingProgram("await power.on(); console.log('is on')")
  asking.stdin.end('\n')
  const { stdout } = await asking
  expect(stdout).toContain('Switch board pc1 on, then press Enter.')
  expect(stdout).toContain('is on')
})

test('Ctrl-C at the question is a signal, which ends it', async () => {
  const asking = askingProgram(
    [
      'const end = new AbortController()',
      "process.on('SIGINT', () => end.abort(new Error('interrupted')))",
      'await power.on(end.signal).catch((error) => console.log(error.name, error.cause.message))',
    ].join('; '),
  )
  asking.stdout.once('data', () => asking.stdin.write('\x03'))
  const { stdout } = await asking
  expect(stdout).toContain('AbortError interrupted')
})
