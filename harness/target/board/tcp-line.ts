import net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { systemCode } from '../../core/errors.ts'
import { boardCannot, LineError, type Line, type LineEvents } from './line.ts'

/** Milliseconds in which a terminal server must answer. */
const within = 5_000

/**
 * Connects to a terminal server.
 *
 * @param address `host:port`.
 * @throws {LineError} when it does not answer.
 */
export const connect = async (address: string): Promise<net.Socket> => {
  const [, host, port] = /^(.*):(\d+)$/.exec(address)!
  const socket = net.connect({ host: host!, port: Number(port), noDelay: true, keepAlive: true })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
      socket.setTimeout(within, () => reject(new Error(`no answer within ${within} ms`)))
    })
  } catch (error) {
    socket.destroy()
    const why = systemCode(error) ?? (error as Error).message
    throw new LineError(`The terminal server ${address} does not answer (${why}).`, true)
  }
  socket.setTimeout(0)
  socket.removeAllListeners('error')
  return socket
}

/** Bytes of a socket that is lost when its other end hangs up. */
export const openSocketLine = (
  socket: net.Socket,
  address: string,
  events: Pick<LineEvents, 'onBytes' | 'onLost'>,
): Pick<Line, 'write' | 'close'> => {
  let isClosed = false
  socket.on('data', events.onBytes)
  socket.on('error', () => {})
  socket.once('close', () => {
    if (!isClosed) events.onLost(`${address} hung up`)
    isClosed = true
  })
  return {
    write: async (bytes) =>
      await new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()))
      }),
    close: async () => {
      if (isClosed) return
      isClosed = true
      const closed = new Promise<void>((resolve) => {
        socket.once('close', () => resolve())
      })
      socket.destroy()
      await closed
    },
  }
}

/** Milliseconds for which a terminal server must stay: one without its device says so and hangs up. */
const shortestStay = 100

/** A serial port behind a terminal server that passes bytes on as they are. */
export const openTcpLine = async (address: string, events: LineEvents): Promise<Line> => {
  const name = `The TCP line ${address}`
  const early: Buffer[] = []
  let lost: string | undefined
  let stays = false
  const raw = openSocketLine(await connect(address), address, {
    onBytes: (bytes) => (stays ? events.onBytes(bytes) : void early.push(bytes)),
    onLost: (reason) => {
      lost = reason
      if (stays) events.onLost(reason)
    },
  })
  await pause(shortestStay)
  if (lost !== undefined) {
    const said = Buffer.concat(early).toString('latin1').trim()
    throw new LineError(`${lost} at once${said === '' ? '' : ` ("${said}")`}.`, true)
  }
  stays = true
  for (const bytes of early) events.onBytes(bytes)
  return {
    ...raw,
    sendBreak: async () => {
      throw boardCannot(`${name} sends no break; RFC 2217 can.`)
    },
    setControl: async () => {
      throw boardCannot(`${name} has no control lines; RFC 2217 has.`)
    },
    purge: async () => {},
  }
}
