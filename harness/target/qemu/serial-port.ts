import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { execa } from 'execa'
import type { Timing } from '../../console/deadline-clock.ts'
import { Transcript, type TranscriptEnd } from '../../console/transcript.ts'
import { typedTooLate } from '../../console/typing.ts'
import { deadlines, withDeadline } from '../../core/deadline.ts'
import { BootstandError } from '../../core/errors.ts'
import { toolPath } from '../../host/tools.ts'
import type { MachineCheckpoint } from '../checkpoint.ts'
import { continuedPorts } from './command-line.ts'

/** What a port's files are made of. */
interface PortParts {
  /** The run's. */
  readonly folder: string
  readonly role: string
  /** Milliseconds since power-on. */
  readonly now: () => number
  /** What goes when QEMU has opened it. */
  readonly passing: string
  /** What was printed before, and what is said of it. */
  readonly before?: { readonly file: string; readonly marker: string } | undefined
}

/** A serial port of an emulated machine: a file that QEMU writes and a FIFO that it reads. */
export class SerialPort {
  readonly transcript: Transcript
  readonly #role: string
  readonly #passing: string
  readonly #input: net.Socket

  /** @param fifo Exists already; Node has no call to make one. */
  constructor(fifo: string, { folder, role, now, passing, before }: PortParts) {
    const output = path.join(folder, `${role}.out`)
    if (before === undefined) fs.writeFileSync(output, '')
    else fs.copyFileSync(before.file, output)
    this.#role = role
    this.#passing = passing
    // Reading and writing, so that opening waits for nobody and QEMU's leaving is no error.
    const descriptor = fs.openSync(fifo, fs.constants.O_RDWR | fs.constants.O_NONBLOCK)
    this.#input = new net.Socket({ fd: descriptor, readable: false, writable: true })
    // Each write has its own answer.
    this.#input.on('error', () => {})
    this.transcript = new Transcript(output, role, now, before?.marker)
  }

  /**
   * Hands bytes to the guest's UART, which takes them as fast as the guest reads. What the guest
   * leaves waits in the FIFO.
   *
   * @throws {BootstandError} when it leaves so much that nothing more fits in.
   */
  async send(bytes: Buffer, { slowness = 1, meter }: Timing = {}): Promise<void> {
    const { end } = this.transcript
    if (end !== undefined) throw typedTooLate(this.#role, end)
    const written = new Promise<void>((resolve, reject) => {
      this.#input.write(bytes, (error) => (error ? reject(error) : resolve()))
    })
    const within = deadlines.typing * slowness
    await withDeadline(written, within, () => this.#notRead(within), meter?.time)
  }

  /** QEMU has it open: it needs no name any more, under which it would stay behind should this process be killed. */
  unname(): void {
    fs.rmSync(this.#passing, { recursive: true, force: true })
  }

  /** Ends the transcript. */
  async close(end: TranscriptEnd): Promise<void> {
    await this.transcript.close(end)
    this.#input.destroy()
    this.unname()
  }

  #notRead(within: number): BootstandError {
    return new BootstandError(
      'BOOTSTAND_TYPING',
      'guest',
      `Keys for ${this.#role} did not reach the guest: it does not read its serial port (waited ${within} ms).`,
    )
  }
}

/**
 * Makes the files of serial ports in a run's folder, one port a role.
 *
 * @param checkpoint What the ports go on from.
 */
export const openSerialPorts = async (
  folder: string,
  roles: readonly string[],
  now: () => number,
  checkpoint?: MachineCheckpoint,
): Promise<Map<string, SerialPort>> => {
  const place = checkpoint === undefined ? folder : path.join(folder, continuedPorts)
  const fifoOf = (role: string) => path.join(place, `${role}.in`)
  if (checkpoint !== undefined) {
    fs.mkdirSync(place)
    for (const role of roles) fs.symlinkSync('/dev/null', path.join(place, `${role}.out`))
  }
  await execa(await toolPath('mkfifo'), roles.map(fifoOf), { stdin: 'ignore' })
  const before = (role: string) =>
    checkpoint && {
      file: path.join(checkpoint.folder, `${role}.out`),
      marker: `goes on from the checkpoint ${checkpoint.name}`,
    }
  const passing = (role: string) => (checkpoint === undefined ? fifoOf(role) : place)
  return new Map(
    roles.map((role) => [
      role,
      new SerialPort(fifoOf(role), {
        ...{ folder, role, now, passing: passing(role), before: before(role) },
      }),
    ]),
  )
}
