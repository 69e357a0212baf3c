import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { execa } from 'execa'
import { LineScanner } from '../../console/lines.ts'
import type { Transcript } from '../../console/transcript.ts'
import { BootstandError } from '../../core/errors.ts'
import { ExecutionReader, type CountedStretch, type Stretch } from '../../formats/execution-log.ts'
import { toolPath } from '../../host/tools.ts'
import { watchFiles } from './command-line.ts'
import type { Emulator } from './emulator.ts'
import { forPeople } from './monitor-commands.ts'

type MonitoredEmulator = Pick<Emulator, 'qmp' | 'standstill'>

/**
 * Counts a guest's instructions in stretches, by QEMU's log of what it executes, one at a time. The log comes through a FIFO: it
 * has 65 bytes an instruction, and the guest stands still where the harness does not keep up. Behind a key and until a stretch is over
 * it is that slow, and at no other time.
 */
export class InstructionCounter {
  readonly #emulator: MonitoredEmulator
  readonly #fifo: string
  readonly #reader: ExecutionReader
  /** Switches QEMU's log one way after the other. */
  #last: Promise<void> = Promise.resolve()
  /** What comes through the FIFO while QEMU logs. */
  #log: net.Socket | undefined

  /** What COM1 printed until the last key. */
  readonly #lines: LineScanner
  readonly #heading: RegExp | undefined
  readonly #headings = new Map<string, number>()

  /**
   * @param folder The run's.
   * @param transcript Of COM1.
   */
  constructor(
    emulator: MonitoredEmulator,
    folder: string,
    stretch: Stretch,
    transcript: Transcript,
  ) {
    this.#emulator = emulator
    this.#fifo = path.join(folder, watchFiles.executed)
    this.#reader = new ExecutionReader(stretch)
    this.#heading = stretch.heading
    this.#lines = new LineScanner(transcript, 0)
  }

  /** A key is about to be given: from now on the guest executes one instruction at a time, if a stretch may yet come. */
  async awake(): Promise<void> {
    this.#last = this.#last.then(async () => {
      this.#reader.awake(this.#headingsUntilNow())
      if (this.#log === undefined && !this.#reader.rests) await this.#begin()
    })
    await this.#last.catch((error: unknown) => {
      // Beside benchmarks the boot is for something else, and goes on where QEMU cannot count.
      if (this.#heading === undefined) throw error
    })
  }

  /** The machine is about to go back to an earlier moment, and no stretch goes on behind that. */
  async restart(): Promise<void> {
    this.#last = this.#last.then(async () => {
      this.#reader.rest()
      if (this.#log !== undefined) await this.#finish()
    })
    await this.#last.catch(() => {})
  }

  /** What was counted in the stretches to whose end the guest has come. */
  async end(): Promise<readonly CountedStretch[]> {
    await this.#last.catch(() => {})
    this.#log?.destroy()
    fs.rmSync(this.#fifo, { force: true })
    return this.#reader.stretches
  }

  /** How often each benchmark's heading was printed. */
  #headingsUntilNow(): ReadonlyMap<string, number> {
    if (this.#heading === undefined) return this.#headings
    for (let line = this.#lines.next(); line !== undefined; line = this.#lines.next()) {
      const name = this.#heading.exec(line.text)?.groups?.['benchmark']
      if (name !== undefined) this.#headings.set(name, (this.#headings.get(name) ?? 0) + 1)
    }
    return this.#headings
  }

  async #begin(): Promise<void> {
    await execa(await toolPath('mkfifo'), [this.#fifo], { stdin: 'ignore' })
    const { O_RDONLY, O_NONBLOCK } = fs.constants
    // QEMU waits for a reader when it opens the FIFO, and reading ends at once before it has.
    const descriptor = fs.openSync(this.#fifo, O_RDONLY | O_NONBLOCK)
    try {
      await this.#configure([
        'singlestep on',
        `logfile ../${watchFiles.executed}`,
        'trace-event memory_region_ops_write on',
        'log exec,nochain,cpu_reset',
      ])
    } catch (error) {
      await this.#finish()
      fs.closeSync(descriptor)
      throw error
    }
    const log = new net.Socket({ fd: descriptor, readable: true, writable: false })
    this.#log = log
    log.setEncoding('latin1')
    log.on('error', () => {})
    log.on('data', (text: string) => {
      // What comes until QEMU has closed the FIFO is taken out of it all the same: QEMU must not wait for us.
      if (this.#log !== log || this.#reader.rests) return
      this.#reader.read(text)
      if (!this.#reader.rests) return
      this.#last = this.#last.then(async () => await this.#finish())
    })
  }

  /** Undoes each step, whatever becomes of the others. A monitor that is gone has its end told elsewhere. */
  async #finish(): Promise<void> {
    this.#log = undefined
    const { qmp, standstill } = this.#emulator
    const undo = async () => {
      for (const command of [
        'log cpu_reset',
        'trace-event memory_region_ops_write off',
        'singlestep off',
        `logfile ../${watchFiles.log}`,
      ])
        await forPeople(qmp, command).catch(() => {})
    }
    await standstill.during(undo).catch(() => {})
    fs.rmSync(this.#fifo, { force: true })
  }

  async #configure(commands: readonly string[]): Promise<void> {
    const { qmp, standstill } = this.#emulator
    await standstill.during(async () => {
      for (const command of commands) {
        const words = await forPeople(qmp, command)
        if (words !== '') throw refused(command, words)
      }
    })
  }
}

const refused = (command: string, words: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_COUNT',
    'host',
    `This QEMU cannot count instructions: its monitor answered "${words.trim()}" to "${command}". Expected QEMU 7.2.`,
  )
