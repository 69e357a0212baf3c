import fs from 'node:fs'
import path from 'node:path'
import { execa } from 'execa'
import { Transcript } from '../../console/transcript.ts'
import { BootstandError } from '../../core/errors.ts'

/** A serial port of an emulated machine: a file that QEMU writes and a FIFO that it reads. */
export interface SerialPort {
  readonly transcript: Transcript
  /** Hands bytes to the guest's UART, which takes them as fast as the guest reads. */
  readonly send: (bytes: Buffer) => void
  /** Closes the FIFO and removes it. */
  readonly close: () => void
}

/** Makes the files of serial ports in a run's folder, one port a role. */
export const openSerialPorts = async (
  folder: string,
  roles: readonly string[],
  now: () => number,
): Promise<Map<string, SerialPort>> => {
  const fifoOf = (role: string) => path.join(folder, `${role}.in`)
  // Node has no call for it.
  await execa('mkfifo', roles.map(fifoOf), { stdin: 'ignore' })
  return new Map(roles.map((role) => [role, openSerialPort(folder, role, fifoOf(role), now)]))
}

const openSerialPort = (
  folder: string,
  role: string,
  fifo: string,
  now: () => number,
): SerialPort => {
  const output = path.join(folder, `${role}.out`)
  fs.writeFileSync(output, '')
  // Reading and writing, so that opening waits for nobody and QEMU's leaving is no error.
  const input = fs.openSync(fifo, fs.constants.O_RDWR | fs.constants.O_NONBLOCK)
  return {
    transcript: new Transcript(output, now),
    send: (bytes) => {
      const written = fs.writeSync(input, bytes)
      if (written === bytes.length) return
      throw new BootstandError(
        'BOOTSTAND_TYPING',
        'guest',
        `${role} took ${written} of ${bytes.length} typed bytes: the guest does not read its serial port.`,
      )
    },
    close: () => {
      fs.closeSync(input)
      fs.rmSync(fifo, { force: true })
    },
  }
}
