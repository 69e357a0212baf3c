import fs from 'node:fs'
import type net from 'node:net'
import path from 'node:path'
import { execa } from 'execa'
import { deadlines, withDeadline } from '../../core/deadline.ts'
import { BootstandError } from '../../core/errors.ts'
import { processState } from '../../host/processes.ts'
import { hostSlowness } from '../../host/slowness.ts'
import type { ToolName } from '../../host/tools.ts'
import { watchFiles } from './command-line.ts'
import { emulatorClock } from './emulator-clock.ts'
import { emulatorCommand, type Command } from '../../host/emulator-command.ts'
import { listenForCall, Qmp, type CallListener, type QmpEvent } from './qmp.ts'
import { Standstill } from './standstill.ts'

/** How a QEMU process ended. */
export interface EmulatorExit {
  readonly status: number | undefined
  readonly signal: string | undefined
  /** What it said on standard error, trimmed. */
  readonly words: string
}

/** How a QEMU process is started. */
export interface EmulatorOptions {
  /** The run's folder, for its sockets. */
  readonly folder: string
  readonly workingDirectory: string
  /** QEMU for the machine's architecture. */
  readonly program: ToolName
  readonly arguments: readonly string[]
  /** Whether they are `gdbArguments`, too. */
  readonly hasStub?: boolean
  readonly onEvent: (event: QmpEvent) => void
}

type EmulatorProcess = ReturnType<typeof spawn>

/** A QEMU process with its monitor. It cannot outlive this process. */
export class Emulator {
  readonly qmp: Qmp
  /** Of its gdb stub, if it has one. */
  readonly stub: net.Socket | undefined
  readonly standstill: Standstill
  /** Milliseconds on a clock that stands still while the process waits for a processor. */
  readonly time: () => number
  /** Settles when the process is gone. Never rejects. */
  readonly exited: Promise<EmulatorExit>
  readonly #process: EmulatorProcess
  /** Milliseconds in which it should be gone. */
  readonly #patience = deadlines.emulatorQuit * hostSlowness()

  private constructor(
    process: EmulatorProcess,
    { exited, qmp, stub, time }: Pick<Emulator, 'exited' | 'qmp' | 'stub' | 'time'>,
  ) {
    this.time = time
    this.#process = process
    this.exited = exited
    this.qmp = qmp
    this.stub = stub
    this.standstill = new Standstill(qmp)
  }

  /**
   * Starts QEMU and waits until its monitor answers and its gdb stub has called; no instruction has run by then.
   *
   * @throws {BootstandError} with QEMU's own words when it cannot start.
   */
  static async start(options: EmulatorOptions): Promise<Emulator> {
    const within = deadlines.emulatorStart * hostSlowness()
    const command = await emulatorCommand(options.program, options.arguments)
    using monitor = await listenForCall(options.folder, watchFiles.monitor)
    using gdb =
      options.hasStub === true ? await listenForCall(options.folder, watchFiles.gdb) : undefined
    const child = spawn(command, options)
    const exited = watchExit(child, stderrPath(options))
    const time = emulatorClock(child.pid!)
    try {
      const called = async (what: string, { connection }: CallListener) => {
        const late = () => cannotStart(`its ${what} did not call within ${within} ms`)
        const call = Promise.race([connection, exited])
        const socket = await withDeadline(call, within, late, time)
        if ('words' in socket) throw cannotStart(describeExit(socket))
        return socket
      }
      const qmp = new Qmp(await called('monitor', monitor), options.onEvent, time)
      const stub = gdb && (await called('gdb stub', gdb))
      // A QEMU that refuses an option may have called before it reads that option.
      const handshake = qmp.execute('qmp_capabilities').then(() => undefined)
      const exit = await Promise.race([handshake, exited])
      if (exit !== undefined) throw cannotStart(describeExit(exit))
      return new Emulator(child, { exited, qmp, stub, time })
    } catch (error) {
      child.kill('SIGKILL')
      const exit = await exited
      if (error instanceof BootstandError && error.code === 'BOOTSTAND_EMULATOR_START') throw error
      throw cannotStart(`${(error as Error).message} ${describeExit(exit)}`)
    }
  }

  /** Settles a moment after the monitor has hung up. @returns whether the process lives on. */
  async hungUp(): Promise<boolean> {
    await this.qmp.closed
    return !(await this.leaves())
  }

  /** Whether it is gone soon, by its own clock. */
  async leaves(): Promise<boolean> {
    const gone = this.exited.then(() => true)
    const late = () => new Error('it is still there')
    return await withDeadline(gone, this.#patience, late, this.time).catch(() => false)
  }

  /** Milliseconds of processor time that it has used; nothing when it is gone. */
  get cpu(): number | undefined {
    return processState(this.id)?.time
  }

  /** The process's number. */
  get id(): number {
    return this.#process.pid!
  }

  /** Ends the process: asks it to quit, then TERM, then KILL. */
  async stop(): Promise<EmulatorExit> {
    // A process that somebody has stopped hears nothing else.
    if (processState(this.id)?.state === 'T') this.#process.kill('SIGKILL')
    // QEMU may leave before it answers.
    void this.qmp.execute('quit').catch(() => {})
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (await this.leaves()) break
      this.#process.kill(signal)
    }
    const exit = await this.exited
    this.qmp.close()
    return exit
  }
}

const spawn = ([program, ...words]: Command, options: EmulatorOptions) =>
  execa(program, words, {
    cwd: options.workingDirectory,
    // QEMU talks for as long as the guest runs; nothing of that belongs in memory.
    buffer: false,
    reject: false,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: { file: stderrPath(options) },
    // A Ctrl-C at the terminal is for the harness: it switches the machine off in order.
    detached: true,
  })

const stderrPath = ({ folder }: EmulatorOptions): string => path.join(folder, 'qemu.stderr')

const watchExit = async (child: EmulatorProcess, stderr: string): Promise<EmulatorExit> => {
  const result = await child
  const words = fs.existsSync(stderr) ? fs.readFileSync(stderr, 'utf8').trim() : ''
  return { status: result.exitCode, signal: result.signal, words }
}

/** A clause that tells how QEMU ended. */
export const describeExit = ({ status, signal, words }: EmulatorExit): string => {
  const how = signal === undefined ? `ended with status ${status}` : `was killed by ${signal}`
  return words === '' ? `it ${how} and said nothing` : `it ${how}: ${words}`
}

const cannotStart = (reason: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_EMULATOR_START',
    'host',
    `QEMU could not start: ${reason}\n\`npx bootstand doctor\` shows which QEMU is used.`,
  )
