import { setTimeout as pause } from 'node:timers/promises'
import { SerialPort } from 'serialport'
import {
  boardCannot,
  breakLength,
  LineError,
  type ControlLine,
  type Line,
  type LineEvents,
  type LineSettings,
} from './line.ts'

/** What a `serialport` offers of which a line is made; its mock does too. */
export type SerialPortMaker = (
  options: ConstructorParameters<typeof SerialPort>[0],
) => Pick<
  SerialPort,
  'close' | 'drain' | 'flush' | 'on' | 'once' | 'open' | 'removeAllListeners' | 'set' | 'write'
>

const serialPort: SerialPortMaker = (options) => new SerialPort(options)

/**
 * Opens a serial port of this machine. Nobody else can open it then.
 *
 * @throws {LineError} when it is not there, is held, or may not be opened.
 */
export const openSerialLine = async (
  path: string,
  settings: LineSettings,
  events: LineEvents,
  make = serialPort,
): Promise<Line> => {
  const { speed, dataBits, parity, stopBits, flow } = settings
  const port = make({
    ...{ path, baudRate: speed, dataBits, parity, stopBits, autoOpen: false },
    ...{ rtscts: flow === 'rtscts', xon: flow === 'xonxoff', xoff: flow === 'xonxoff' },
    // Whoever closes it must not switch off what hangs on DTR.
    hupcl: false,
  })
  await settled((done) => port.open(done)).catch((error: Error) => {
    throw openError(path, error)
  })
  let isClosed = false
  port.on('data', events.onBytes)
  // What goes wrong is told by the close that follows, or by the call that it was asked with.
  port.on('error', () => {})
  port.once('close', () => {
    if (!isClosed) events.onLost(`${path} vanished`)
    isClosed = true
  })
  const control = { dtr: true, rts: true }
  const set = async (flags: { readonly brk?: boolean }) =>
    await settled((done) => port.set({ ...control, ...flags }, done)).catch((error: Error) => {
      throw boardCannot(`${path} has no control lines and sends no break (${error.message}).`)
    })
  return {
    write: async (bytes) => {
      await settled((done) => port.write(bytes, undefined, done))
      await settled((done) => port.drain(done))
    },
    sendBreak: async () => {
      await set({ brk: true })
      await pause(breakLength)
      await set({ brk: false })
    },
    setControl: async (line: ControlLine, isOn) => {
      control[line] = isOn
      await set({})
    },
    purge: async () => await settled((done) => port.flush(done)).catch(() => {}),
    close: async () => {
      if (isClosed) return
      isClosed = true
      await settled((done) => port.close(done)).catch(() => {})
      port.removeAllListeners('data')
    },
  }
}

const settled = async (start: (done: (error?: Error | null) => void) => void): Promise<void> =>
  await new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()))
  })

/** `serialport` gives the system's words and no code. */
const openError = (path: string, { message }: Error): LineError => {
  if (/no such (?:file|device)|input\/output error/i.test(message))
    return new LineError(`There is no serial port ${path}. Is its cable plugged in?`, true)
  if (/permission denied/i.test(message)) {
    return new LineError(
      `The serial port ${path} may not be opened (permission denied). Join the group that owns it: \`ls -l ${path}\`.`,
    )
  }
  if (/lock|busy|temporarily unavailable/i.test(message))
    return new LineError(
      `Another program holds the serial port ${path}: \`fuser ${path}\` tells which.`,
    )
  return new LineError(`The serial port ${path} cannot be opened: ${message}.`)
}
