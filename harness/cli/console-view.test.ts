import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { Output } from '../host/output.ts'
import { ConsoleView } from './console-view.ts'

const show = (steps: (view: ConsoleView) => void): string => {
  const out = new PassThrough()
  const view = new ConsoleView(new Output(out), ['herc', 'ttyS1'])
  steps(view)
  view.close()
  return (out.read() as Buffer | null)?.toString('latin1') ?? ''
}

test('lines of several consoles stand whole behind their names', () => {
  const shown = show((view) => {
    view.print('herc', Buffer.from('\rone\n\r\x1b[1mtw'))
    view.print('ttyS1', Buffer.from('three\r\nlog'))
    view.print('herc', Buffer.from('o\x1b[0m\n'))
    view.print('ttyS1', Buffer.from('in: '))
  })
  expect(shown).toBe('herc  | one\nttyS1 | three\nherc  | two\nttyS1 | login: \n')
})

test('a prompt is shown after a moment, and goes on where it stands', () => {
  const shown = show((view) => {
    view.print('ttyS1', Buffer.from('login: '))
    view.settle('ttyS1')
    view.settle('ttyS1')
    view.print('ttyS1', Buffer.from('root\n'))
    view.print('ttyS1', Buffer.from('Password: '))
    view.settle('ttyS1')
    view.print('herc', Buffer.from('late\n'))
    view.print('ttyS1', Buffer.from('x\n'))
  })
  expect(shown).toBe('ttyS1 | login: root\nttyS1 | Password: \nherc  | late\nttyS1 | x\n')
})

test('bytes are shown as they came, also of a line that never ends', () => {
  const utf8 = Buffer.from('Grüße, ÛA\n')
  const endless = Buffer.alloc(100_000, 'x')
  const out = new PassThrough({ highWaterMark: 1_000_000 })
  const view = new ConsoleView(new Output(out), ['herc', 'ttyS1'])
  view.print('herc', utf8)
  expect(String(out.read())).toBe(`herc  | ${utf8.toString()}`)
  view.print('ttyS1', endless)
  expect(String(out.read())).toBe(`ttyS1 | ${endless.toString()}`)
  view.print('ttyS1', Buffer.alloc(100_000, '\r'))
  view.print('ttyS1', Buffer.from('y'))
  view.close()
  expect(String(out.read())).toBe('y\n')
})
