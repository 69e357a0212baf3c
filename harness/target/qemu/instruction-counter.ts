import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { execa } from 'execa'
import { BootstandError } from '../../core/errors.ts'
import {
  ExecutionReader,
  type ExecutedInstruction,
  type Stretch,
} from '../../formats/execution-log.ts'
import { toolPath } from '../../host/tools.ts'
import { watchFiles } from './command-line.ts'
import type { Emulator } from './emulator.ts'
import { forPeople } from './monitor-commands.ts'

/**
 * Counts a guest's instructions in a stretch, by QEMU's log of what it executes, one at a time. The log comes through a FIFO: it
 * has 65 bytes an instruction, and the guest stands still where the harness does not keep up.
 */
export class InstructionCounter {
  readonly #emulator: Emulator
  readonly #fifo: string
  readonly #reader: ExecutionReader
  readonly #isAside: boolean
  #begun: Promise<void> | undefined
  #over: Promise<void> | undefined
  #log: net.Socket | undefined

  /** @param folder The run's. */
  constructor(emulator: Emulator, folder: string, stretch: Stretch) {
    this.#emulator = emulator
    this.#fifo = path.join(folder, watchFiles.executed)
    this.#reader = new ExecutionReader(stretch)
    this.#isAside = stretch.within !== undefined
  }

  /** From now on the guest executes one instruction at a time, until the stretch is over or given up. It begins once. */
  async begin(): Promise<void> {
    this.#begun ??= this.#begin().catch((error: unknown) => {
      if (!this.#isAside) throw error
    })
    await this.#begun
  }

  /** What was counted; nothing where the guest has not come to the end of the stretch. */
  async end(): Promise<readonly ExecutedInstruction[] | undefined> {
    await this.#begun?.catch(() => {})
    await this.#over
    this.#log?.destroy()
    fs.rmSync(this.#fifo, { force: true })
    return this.#reader.isOver ? this.#reader.executed : undefined
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
      await this.#finish().catch(() => {})
      fs.closeSync(descriptor)
      throw error
    }
    this.#log = new net.Socket({ fd: descriptor, readable: true, writable: false })
    this.#log.setEncoding('latin1')
    this.#log.on('error', () => {})
    this.#log.on('data', (text: string) => {
      this.#reader.read(text)
      if (!this.#reader.isDone || this.#over !== undefined) return
      // A monitor that is gone has its end told elsewhere.
      this.#over = this.#finish().catch(() => {})
    })
  }

  /** What comes until QEMU has closed the FIFO is read, too: it must not wait for us. */
  async #finish(): Promise<void> {
    await this.#configure([
      'log cpu_reset',
      'trace-event memory_region_ops_write off',
      'singlestep off',
      `logfile ../${watchFiles.log}`,
    ])
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
