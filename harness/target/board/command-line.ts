import { execa } from 'execa'
import { toolPath } from '../../host/tools.ts'
import { boardCannot, type Line, type LineEvents } from './line.ts'

/** Milliseconds from TERM to KILL. */
const grace = 1_000

/**
 * A serial port behind a program: it writes what the board says to its standard output and reads what the board
 * is told from its standard input.
 *
 * @param command A line of the shell.
 */
export const openCommandLine = async (
  command: string,
  directory: string,
  events: LineEvents,
): Promise<Line> => {
  const child = execa(
    await toolPath('setpriv'),
    ['--pdeathsig', 'KILL', '--', '/bin/sh', '-c', command],
    {
      ...{ cwd: directory, buffer: false, reject: false, stdin: 'pipe', encoding: 'buffer' },
      // What the shell started ends with it; a Ctrl-C on the terminal is not meant for it.
      detached: true,
    },
  )
  let isClosed = false
  let said = ''
  child.stdout.on('data', events.onBytes)
  child.stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString('latin1')).slice(-300)
  })
  child.stdin.on('error', () => {})
  const ended = child.then(({ exitCode, signal }) => {
    const how = signal === undefined ? `status ${exitCode}` : signal
    const words = said.trim() === '' ? '' : `: ${said.trim().split('\n').at(-1)}`
    if (!isClosed) events.onLost(`\`${command}\` ended with ${how}${words}`)
    isClosed = true
  })
  const name = `The line \`${command}\``
  return {
    write: async (bytes) =>
      await new Promise((resolve, reject) => {
        child.stdin.write(bytes, (error) => (error ? reject(error) : resolve()))
      }),
    sendBreak: async () => {
      throw boardCannot(`${name} sends no break.`)
    },
    setControl: async () => {
      throw boardCannot(`${name} has no control lines.`)
    },
    purge: async () => {},
    close: async () => {
      isClosed = true
      signalGroup(child.pid, 'SIGTERM')
      const harder = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), grace)
      await ended
      clearTimeout(harder)
    },
  }
}

const signalGroup = (id: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void => {
  if (id === undefined) return
  try {
    process.kill(-id, signal)
  } catch {
    // It has ended already.
  }
}
