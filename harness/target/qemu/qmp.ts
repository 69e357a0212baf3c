import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { deadlines, withDeadline } from '../../core/deadline.ts'
import { BootstandError } from '../../core/errors.ts'

/** An event of QEMU's monitor protocol. */
export interface QmpEvent {
  readonly event: string
  readonly data?: Readonly<Record<string, unknown>>
  readonly timestamp: { readonly seconds: number; readonly microseconds: number }
}

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Our end of a line before QEMU has called: its monitor, or its gdb stub. */
export interface CallListener extends Disposable {
  /** The connection, as soon as QEMU makes it. */
  readonly connection: Promise<net.Socket>
}

/**
 * Listens on a socket file for QEMU to call.
 *
 * A socket's path must be shorter than 108 bytes (unix(7)); run folders lie where users want them.
 * Through the descriptor of its folder any socket has a short path.
 */
export const listenForCall = async (folder: string, name: string): Promise<CallListener> => {
  const directory = fs.openSync(folder, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY)
  const server = net.createServer()
  let open = true
  // One caller only; closing removes the socket file, for which the descriptor is needed.
  const close = () => {
    if (!open) return
    open = false
    server.close()
    fs.closeSync(directory)
  }
  const connection = new Promise<net.Socket>((resolve) => {
    server.once('connection', (socket) => {
      close()
      resolve(socket)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      close()
      reject(error)
    })
    server.listen(path.join('/proc/self/fd', String(directory), name), resolve)
  })
  return { connection, [Symbol.dispose]: close }
}

/** A client of QEMU's monitor protocol (docs/interop/qmp-spec of QEMU). */
export class Qmp {
  /** Settles when nothing more can be heard. */
  readonly closed: Promise<void>
  readonly #socket: net.Socket
  readonly #pending = new Map<number, Pending>()
  readonly #onEvent: (event: QmpEvent) => void
  readonly #time: (() => number) | undefined
  #nextId = 1

  /** @param time By which answers are awaited. */
  constructor(socket: net.Socket, onEvent: (event: QmpEvent) => void, time?: () => number) {
    this.#time = time
    this.#socket = socket
    this.#onEvent = onEvent
    const lines = createInterface({ input: socket })
    lines.on('line', (line) => this.#receive(line))
    // The end of the process tells more than an error of its socket, which readline passes on.
    for (const stream of [socket, lines]) stream.on('error', () => {})
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#abandon()
        resolve()
      })
    })
  }

  /**
   * Sends a command and gives its `return` value.
   *
   * @param within Milliseconds for the answer.
   */
  async execute(
    command: string,
    words?: Readonly<Record<string, unknown>>,
    within: number = deadlines.monitorAnswer,
  ): Promise<unknown> {
    const id = this.#nextId++
    const answer = new Promise<unknown>((resolve, reject) => {
      if (this.#socket.destroyed) reject(gone())
      else this.#pending.set(id, { resolve, reject })
    })
    this.#socket.write(`${JSON.stringify({ execute: command, arguments: words, id })}\n`)
    const late = () => {
      this.#pending.delete(id)
      return new BootstandError(
        'BOOTSTAND_QMP',
        'host',
        `QEMU's monitor did not answer "${command}" within ${within} ms.`,
      )
    }
    return await withDeadline(answer, within, late, this.#time)
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(line: string): void {
    const message = parseMessage(line)
    if (message === undefined) {
      // Whoever talks there is no QEMU; nothing more can be learned from it.
      this.#socket.destroy()
      return
    }
    if (message.event !== undefined) {
      this.#onEvent(message as QmpEvent)
      return
    }
    const pending = this.#pending.get(message.id ?? 0)
    if (pending === undefined) return
    this.#pending.delete(message.id!)
    if (message.error === undefined) pending.resolve(message.return)
    else {
      pending.reject(
        new BootstandError('BOOTSTAND_QMP', 'harness', `QEMU's monitor: ${message.error.desc}`),
      )
    }
  }

  #abandon(): void {
    for (const { reject } of this.#pending.values()) reject(gone())
    this.#pending.clear()
  }
}

interface QmpMessage {
  readonly id?: number
  readonly return?: unknown
  readonly error?: { readonly class: string; readonly desc: string }
  readonly event?: string
}

const parseMessage = (line: string): QmpMessage | undefined => {
  try {
    const message: unknown = JSON.parse(line)
    return typeof message === 'object' && message !== null ? message : undefined
  } catch {
    return undefined
  }
}

const gone = (): BootstandError =>
  new BootstandError('BOOTSTAND_QMP', 'host', "QEMU's monitor is gone.")
