import { EventEmitter, once } from 'node:events'
import { createReadStream } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { BootstandError } from '../../core/errors.ts'
import { executedIn, type TracedInstruction } from '../../formats/execution-log.ts'
import { pathInside } from '../../host/path-inside.ts'
import { isRegularFile } from '../../host/regular-file.ts'
import type { MachineOptions } from '../target.ts'
import {
  emulatorOf,
  gdbArguments,
  recordingName,
  rolesOf,
  watchFiles,
  type PortRoles,
} from './command-line.ts'
import { Emulator } from './emulator.ts'
import { GdbStub } from './gdb-stub.ts'
import { forPeople, instructionsOf, statusOf } from './monitor-commands.ts'
import { qemuArguments } from './machine.ts'
import { openSerialPorts, type SerialPort } from './serial-port.ts'

/** What its log tells: exceptions, too. */
const logged = 'cpu_reset,int'

/** Where each instruction is logged, in the replay's folder. */
const traceName = 'executed.log'

/** As QEMU logs them with `-d int`. */
const exception = /^ *\d+: v=[01][0-9a-f] e=[0-9a-f]+ i=0 cpl=/

/** Milliseconds without a single instruction after which a replay is taken to hang. */
const patience = 20_000

/** Milliseconds between two looks at a replay that runs. */
const lookInterval = 50

/** What is run again. */
export interface ReplayOptions {
  /** The recorded run's. */
  readonly runFolder: string
  /** The replay's own; what is in it goes. */
  readonly folder: string
  /** What was emulated. */
  readonly machine: MachineOptions
  readonly roles: PortRoles
  readonly medium: ReplayedMedium
  /** By which waits are longer on this host. */
  readonly slowness: number
  /** Is told now and then how many instructions have run. */
  readonly onAdvance?: (instruction: number) => void
}

/** What a recorded boot was booted from. */
export interface ReplayedMedium {
  /** What QEMU is told about it, in a folder beside `image`. */
  readonly qemuArguments: readonly string[]
  /** Name of the finished image in the run's folder, where the method makes one. */
  readonly image?: string | undefined
  /** Files of that folder, by their paths in it. */
  readonly files: ReadonlyMap<string, Buffer>
}

/** What a replay is made of. */
interface ReplayerParts {
  readonly emulator: Emulator
  readonly ports: ReadonlyMap<string, SerialPort>
  /** QEMU's, by their names. */
  readonly events: EventEmitter
  readonly stub: GdbStub
}

/** A recorded boot that runs again, forwards only: QEMU 7.2 may hang when it goes back. */
export class Replayer implements AsyncDisposable {
  readonly #parts: ReplayerParts
  readonly #options: ReplayOptions
  /** Instructions that have run. */
  #at = 0
  /** How far its log was read. */
  readonly #seen = { start: 0, unfinished: '', exceptions: 0 }

  private constructor(parts: ReplayerParts, options: ReplayOptions) {
    this.#parts = parts
    this.#options = options
  }

  /** Starts a replay; it stands before its first instruction. */
  static async start(options: ReplayOptions): Promise<Replayer> {
    const { runFolder, folder, machine, roles, medium } = options
    const linked = [recordingName, ...(medium.image === undefined ? [] : [medium.image])]
    for (const name of linked) if (!isRegularFile(path.join(runFolder, name))) throw isGone(name)
    await fs.rm(folder, { recursive: true, force: true })
    const workingDirectory = path.join(folder, 'medium')
    // QEMU's paths are relative to it, and lead to the replay's own files.
    await fs.mkdir(workingDirectory, { recursive: true })
    for (const [name, bytes] of medium.files) {
      const file = pathInside(workingDirectory, name, { what: 'a file of the boot medium' })
      await fs.mkdir(path.dirname(file), { recursive: true })
      await fs.writeFile(file, bytes)
    }
    for (const name of linked) await fs.link(path.join(runFolder, name), path.join(folder, name))
    const ports = await openSerialPorts(folder, rolesOf(roles), () => 0)
    const events = new EventEmitter()
    try {
      const emulator = await Emulator.start({
        folder,
        workingDirectory,
        program: emulatorOf(machine),
        arguments: [
          ...qemuArguments({ machine, roles, medium, profile: 'replay' }),
          ...['-d', logged, ...gdbArguments],
        ],
        hasStub: true,
        onEvent: ({ event }) => void events.emit(event),
      })
      for (const port of ports.values()) port.unname()
      const stub = new GdbStub(emulator.stub!, () => {}, emulator.time)
      return new Replayer({ emulator, events, ports, stub }, options)
    } catch (error) {
      await closed(ports)
      throw /input log/.test((error as Error).message) ? endedItself(0, error) : error
    }
  }

  /** How many instructions have run; it stands still. */
  get instruction(): number {
    return this.#at
  }

  /**
   * Runs up to an instruction, or to the end. It then stands before whatever comes at that instruction, be it an exception
   * or an interrupt.
   *
   * @returns whether the recording has ended.
   * @throws {BootstandError} when it hangs.
   */
  async run(to = Number.POSITIVE_INFINITY): Promise<boolean> {
    try {
      return await this.#run(to)
    } catch (error) {
      throw (await this.#parts.emulator.leaves()) ? endedItself(this.#at, error) : error
    }
  }

  async #run(to: number): Promise<boolean> {
    const { emulator, stub } = this.#parts
    const { qmp } = emulator
    if (to - 1 > this.#at) {
      const sent = Number.isFinite(to) && qmp.execute('replay-break', { icount: to - 1 })
      const isOver = await this.#go(async () => await Promise.all([sent, qmp.execute('cont')]))
      if (isOver) return true
    }
    // QEMU breaks at an instruction before an exception there or after it, as it happens; a step ends before it.
    while (this.#at < to) if (await this.#go(async () => await stub.step())) return true
    return false
  }

  /** Lets it run until it stops by itself. @returns whether the recording has ended. */
  async #go(start: () => Promise<unknown>): Promise<boolean> {
    const { emulator, events } = this.#parts
    const { qmp, time } = emulator
    const { onAdvance, slowness } = this.#options
    const stop = once(events, 'STOP')
    await start()
    let since = time()
    for (;;) {
      await Promise.race([stop, pause(lookInterval, undefined, { ref: false })])
      const [status, now] = await Promise.all([statusOf(qmp), instructionsOf(qmp)])
      const last = this.#at
      this.#at = now
      if (status !== 'running') return status !== 'paused' && status !== 'debug'
      onAdvance?.(now)
      if (now !== last) since = time()
      else if (time() - since > patience * slowness) throw hangs(now)
    }
  }

  /** How much a console has printed, in bytes. */
  async printed(role: string): Promise<number> {
    return (await fs.stat(this.#parts.ports.get(role)!.transcript.path)).size
  }

  /** How many exceptions the processor has had; page faults, traps and system calls by them are some, interrupts not. */
  async exceptions(): Promise<number> {
    // The log grows with each step, and only what is new is read.
    const { start } = this.#seen
    const log = createReadStream(path.join(this.#options.folder, watchFiles.log), {
      ...{ start, encoding: 'latin1' },
    })
    for await (const piece of log as AsyncIterable<string>) {
      this.#seen.start += piece.length
      const lines = (this.#seen.unfinished + piece).split('\n')
      this.#seen.unfinished = lines.pop()!
      this.#seen.exceptions += lines.filter((it) => exception.test(it)).length
    }
    return this.#seen.exceptions
  }

  /** Runs up to an instruction as `run` does. @returns those that it has executed, in order. */
  async trace(to: number): Promise<readonly TracedInstruction[]> {
    const log = path.join(this.#options.folder, traceName)
    await this.#configure([`logfile ../${traceName}`, 'singlestep on', 'log exec,nochain'])
    await this.run(to)
    await this.#configure([`logfile ../${watchFiles.log}`, 'singlestep off', `log ${logged}`])
    return executedIn(await fs.readFile(log, 'latin1'))
  }

  /** What QEMU's monitor for people answers. */
  async ask(line: string): Promise<string> {
    return await forPeople(this.#parts.emulator.qmp, line)
  }

  async #configure(commands: readonly string[]): Promise<void> {
    for (const command of commands) await this.ask(command)
  }

  /** Lets gdb connect, by `watchFiles.gdb` in the replay's folder. It runs no more by itself then. */
  async listenToGdb(): Promise<void> {
    await this.ask(`gdbserver unix:../${watchFiles.gdb},server=on,wait=off`)
  }

  /** Settles when QEMU is gone. */
  get exited(): Promise<unknown> {
    return this.#parts.emulator.exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.emulator.stop()
    await closed(this.#parts.ports)
  }
}

const closed = async (ports: ReadonlyMap<string, SerialPort>): Promise<void> => {
  const end = { what: 'the replay is over' }
  await Promise.all([...ports.values()].map(async (port) => await port.close(end)))
}

const endedItself = (instruction: number, cause: unknown): BootstandError =>
  new BootstandError(
    'BOOTSTAND_REPLAY',
    'usage',
    `QEMU ended while it ran the recording again, behind instruction ${instruction}: the recording is damaged. Record the boot again.`,
    { cause },
  )

const hangs = (instruction: number): BootstandError =>
  new BootstandError(
    'BOOTSTAND_REPLAY',
    'host',
    `QEMU's replay hangs at instruction ${instruction}, and was ended. Record the boot again, or replay it to an earlier place.`,
  )

const isGone = (name: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_REPLAY',
    'usage',
    `Expected what was booted in the run's folder, found no regular file ${name} there. Record the boot again.`,
  )
