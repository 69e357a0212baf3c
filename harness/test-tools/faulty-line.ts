import { setTimeout as pause } from 'node:timers/promises'
import net, { type AddressInfo } from 'node:net'
import type { LineSettings, Line } from '../target/board/line.ts'
import { openSerialLine } from '../target/board/serial-line.ts'

const settings: LineSettings = {
  ...{ speed: 115_200, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' },
}

/** What a bad line does to bytes on their way from the board. */
export interface Fault {
  /** Said to whoever connects, as a terminal server does that keeps what nobody read. */
  readonly stale?: string
  /** What becomes of some bytes; they pass as they are otherwise. */
  readonly spoil?: (bytes: Buffer) => Buffer
}

/** A line between a serial port and TCP that can be spoilt and pulled out. */
export interface FaultyLine extends AsyncDisposable {
  readonly address: string
  /** Pulls the plug for some milliseconds. What the board says meanwhile is lost. */
  unplug(milliseconds: number): void
}

/**
 * @param device A serial port that may come and go: whoever connects is served all the same, as a terminal
 *   server does whose ports have power of their own.
 */
export const startFaultyLine = async (
  device: string,
  { stale = '', spoil = (bytes) => bytes }: Fault,
): Promise<FaultyLine> => {
  let client: net.Socket | undefined
  let line: Line | undefined
  let unpluggedUntil = 0
  const over = new AbortController()
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    if (performance.now() < unpluggedUntil) {
      socket.destroy()
      return
    }
    client = socket
    socket.write(Buffer.from(stale, 'latin1'))
    socket.on('data', (bytes) => void line?.write(bytes).catch(() => {}))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const keepOpen = async () => {
    while (!over.signal.aborted) {
      line ??= await openSerialLine(device, settings, {
        onBytes: (bytes) => client?.write(spoil(bytes)),
        onLost: () => {
          line = undefined
        },
        onTrouble: () => {},
      }).catch(() => undefined)
      await pause(10)
    }
    await line?.close()
  }
  const done = keepOpen()
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    unplug: (milliseconds) => {
      unpluggedUntil = performance.now() + milliseconds
      client?.destroy()
    },
    [Symbol.asyncDispose]: async () => {
      over.abort()
      await done
      client?.destroy()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}
