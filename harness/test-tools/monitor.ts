import net from 'node:net'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { Qmp } from '../target/qemu/qmp.ts'

/** What a command has with it, by QEMU's own names. */
export type CommandWords = Readonly<Record<string, unknown>>

/**
 * A monitor's client whose QEMU is the test itself.
 *
 * @param answer Gives what a command returns; a string that it throws is the monitor's refusal.
 */
export const openMonitor = async (
  answer: (command: string, words: CommandWords) => unknown,
): Promise<Qmp> => {
  const server = net.createServer((socket) => {
    createInterface({ input: socket }).on('line', (line) => {
      const { execute, arguments: words = {}, id } = JSON.parse(line) as Command
      socket.write(`${JSON.stringify({ id, ...answerOf(() => answer(execute, words)) })}\n`)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as net.AddressInfo
  const qmp = new Qmp(net.connect(port, '127.0.0.1'), () => {})
  onTestFinished(() => {
    qmp.close()
    server.close()
  })
  return qmp
}

interface Command {
  readonly execute: string
  readonly arguments?: CommandWords
  readonly id: number
}

const answerOf = (answer: () => unknown): object => {
  try {
    return { return: answer() ?? {} }
  } catch (desc) {
    return { error: { class: 'GenericError', desc } }
  }
}
