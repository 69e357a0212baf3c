import fs from 'node:fs'
import path from 'node:path'
import { Console } from '../../console/console.ts'
import type { Timing } from '../../console/deadline-clock.ts'
import { surroundingsOf, type Surroundings } from '../../console/surroundings.ts'
import type { TranscriptEnd } from '../../console/transcript.ts'
import type { Vga } from '../../console/vga.ts'
import { deadlines, withDeadline } from '../../core/deadline.ts'
import type { CountedStretch, Stretch } from '../../formats/execution-log.ts'
import type { Medium } from '../../media/medium.ts'
import { BootstandError } from '../../core/errors.ts'
import { endEvidence, evidenceFile } from '../../host/evidence-file.ts'
import { checkpointFiles, type MachineCheckpoint } from '../checkpoint.ts'
import { MachineClock } from '../clock.ts'
import type { Examination } from '../examination.ts'
import type { Machine, MachineOptions, Profile, TargetEnd } from '../target.ts'
import {
  emulatorOf,
  gdbArguments,
  machineArguments,
  profileArguments,
  recordedMedium,
  rolesOf,
  traceArguments,
  watchArguments,
  watchFiles,
  type AddressRange,
  type PortRoles,
} from './command-line.ts'
import { Emulator } from './emulator.ts'
import { EndWitness } from './end-witness.ts'
import { examine } from './examine.ts'
import { GdbStub } from './gdb-stub.ts'
import { instructionCount } from './instruction-count.ts'
import { InstructionCounter } from './instruction-counter.ts'
import { KeyGate } from './key-gate.ts'
import { statusOf } from './monitor-commands.ts'
import { forwardedPort } from './network.ts'
import { wasRecordingEnded } from './recording.ts'
import { openSerialPorts, type SerialPort } from './serial-port.ts'
import { StateDisk } from './state-disk.ts'
import { openVga } from './vga.ts'

/** What an emulated machine is made of. */
export interface QemuOptions extends Omit<Surroundings, 'meter'> {
  /** The run's folder: everything that the machine leaves behind is in it. */
  readonly folder: string
  readonly machine: MachineOptions
  readonly medium: Medium
  readonly roles: PortRoles
  /** `fast` by default. */
  readonly profile?: Profile | undefined
  /** Virtual addresses of routines that read keys: under `deterministic` keys are given there. */
  readonly keyRoutines?: readonly number[] | undefined
  /** Whether every byte that the guest writes to a port is logged. */
  readonly traces?: boolean | undefined
  /** Where code lies that is logged when the guest first comes to it. */
  readonly code?: readonly AddressRange[] | undefined
  /** Of which the executed instructions are counted; a key is given before it. */
  readonly counted?: Stretch | undefined
  /** No wait finds anything before it. */
  readonly begins?: RegExp | undefined
  /** What the kernel's debugger prints when it is entered from outside. */
  readonly breakIn?: RegExp | undefined
  /** Where the machine goes on; at power-on otherwise. Its consoles are the same. */
  readonly checkpoint?: MachineCheckpoint | undefined
}

const meterOf = (emulator: Emulator, { profile = 'fast' }: QemuOptions) => ({
  cpu: () => emulator.cpu,
  time: emulator.time,
  instructions: profile === 'fast' ? undefined : instructionCount(emulator.qmp),
})

/** What QEMU's arguments are made of. */
interface EmulatorWords extends Pick<
  QemuOptions,
  'machine' | 'roles' | 'traces' | 'code' | 'checkpoint' | 'keyRoutines'
> {
  readonly medium: Pick<Medium, 'qemuArguments'>
  /** `replay` runs again what `record` has recorded. */
  readonly profile?: Profile | 'replay' | undefined
}

/** All of QEMU's arguments for a machine. */
export const qemuArguments = (options: EmulatorWords): string[] => {
  const { machine, medium, roles, traces, code, profile = 'fast' } = options
  const isRecorded = profile === 'record' || profile === 'replay'
  return [
    ...machineArguments(machine),
    ...profileArguments[profile],
    ...watchArguments(roles, { code, goesOn: options.checkpoint !== undefined }),
    ...(givesKeys(options) ? gdbArguments : []),
    ...(traces === true ? traceArguments : []),
    ...(isRecorded ? recordedMedium(medium.qemuArguments) : medium.qemuArguments),
  ]
}

const givesKeys = ({ profile, keyRoutines = [] }: EmulatorWords): boolean =>
  profile === 'deterministic' && keyRoutines.length > 0

/** Switches an emulated machine on. */
export const startQemu = async (options: QemuOptions): Promise<Machine> => {
  const clock = new MachineClock()
  const { checkpoint } = options
  const now = () => clock.uptime
  const ports = await openSerialPorts(options.folder, rolesOf(options.roles), now, checkpoint)
  const events = evidenceFile(path.join(options.folder, 'qmp.jsonl'))
  const witness = new EndWitness(path.join(options.folder, watchFiles.log))
  let emulator: Emulator | undefined
  try {
    emulator = await Emulator.start({
      folder: options.folder,
      workingDirectory: options.medium.workingDirectory,
      program: emulatorOf(options.machine),
      arguments: qemuArguments(options),
      hasStub: givesKeys(options),
      onEvent: (event) => {
        events.write(`${JSON.stringify({ at: Math.round(clock.uptime), ...event })}\n`)
        witness.see(event)
      },
    })
    clock.start()
    for (const port of ports.values()) port.unname()
    const surroundings = surroundingsOf(options, meterOf(emulator, options))
    const states = new StateDisk(emulator.qmp, options.folder)
    if (checkpoint !== undefined)
      await states.load(path.join(checkpoint.folder, checkpointFiles.state))
    const gate = await armedGate(emulator, options)
    const vga = openVga(emulator, { folder: options.folder, now, surroundings, gate })
    const { folder, counted } = options
    const [first] = ports.values()
    const counter = counted && new InstructionCounter(emulator, folder, counted, first!.transcript)
    const parts = { emulator, ports, vga, witness, clock, events, gate, states, counter }
    const machine = new QemuMachine(parts, surroundings, options)
    await emulator.qmp.execute('cont')
    return machine
  } catch (error) {
    await emulator?.stop()
    await Promise.all([...ports.values()].map(async (port) => await port.close(neverRan)))
    await endEvidence(events)
    throw error
  }
}

/** Before the guest has run: where it reads keys, it is to stand still. */
const armedGate = async (
  { qmp, standstill, stub, time }: Emulator,
  { keyRoutines: routines = [], slowness = 1 }: QemuOptions,
): Promise<KeyGate | undefined> => {
  if (stub === undefined) return undefined
  const gate = new KeyGate({ qmp, standstill, time, routines, slowness })
  await gate.arm(new GdbStub(stub, () => gate.arrived(), time))
  return gate
}

const neverRan: TranscriptEnd = { what: 'the machine never ran', culprit: 'host' }

const deaf: TargetEnd = {
  kind: 'emulator-failed',
  what: 'QEMU failed: its monitor hung up while it ran',
  culprit: 'host',
}

interface MachineParts {
  readonly emulator: Emulator
  readonly ports: ReadonlyMap<string, SerialPort>
  readonly vga: Vga
  readonly witness: EndWitness
  readonly clock: MachineClock
  readonly events: fs.WriteStream
  readonly gate: KeyGate | undefined
  readonly states: StateDisk
  readonly counter: InstructionCounter | undefined
}

class QemuMachine implements Machine {
  readonly consoles: ReadonlyMap<string, Console>
  readonly notes: string[] = []
  readonly vga: Vga
  readonly ended: Promise<TargetEnd>
  readonly #parts: MachineParts
  readonly #folder: string
  readonly #profile: Profile
  readonly timing: Timing
  /** Waits on several consoles miss their deadlines together. */
  #examining: Promise<Examination> | undefined
  #stopped: Promise<TargetEnd> | undefined
  #counted: readonly CountedStretch[] = []
  /** Whether something was sent to the guest at a moment of the host's. */
  #wasDisturbed: boolean
  /** Whether it has gone back: its transcripts hold what was printed in several pasts. */
  #wentBack = false
  /** Folders of the checkpoints whose past is the beginning of its transcripts. */
  readonly #own: string[] = []

  constructor(parts: MachineParts, surroundings: Surroundings, options: QemuOptions) {
    const { folder, begins, breakIn, checkpoint, profile = 'fast' } = options
    this.#wasDisturbed = checkpoint?.isExact === false
    if (checkpoint !== undefined) this.#own.push(checkpoint.folder)
    this.#profile = profile
    this.timing = surroundings
    this.#parts = parts
    this.#folder = folder
    this.vga = parts.vga
    const [firstRole] = parts.ports.keys()
    this.consoles = new Map(
      [...parts.ports].map(([role, port], index) => [
        role,
        new Console({
          role,
          transcript: port.transcript,
          send: async (bytes, onSent) => {
            const send = async (some: Buffer) => {
              onSent(some)
              await port.send(some, surroundings)
            }
            if (parts.gate === undefined) this.#wasDisturbed = true
            await parts.counter?.awake()
            await (parts.gate?.deliver(index, bytes, send) ?? send(bytes))
          },
          sendBreak: async () => {
            this.#wasDisturbed = true
            if (options.profile === 'record') throw noBreak()
            const send = async () =>
              await parts.emulator.qmp.execute('chardev-send-break', { id: role })
            await (parts.gate?.past(send) ?? send())
          },
          // The loader speaks on COM1; what comes on another port is not its.
          begins: role === firstRole ? begins : undefined,
          breakIn,
          ...surroundings,
        }),
      ]),
    )
    for (const [role, state] of Object.entries(checkpoint?.consoles ?? {}))
      this.consoles.get(role)!.resume(state)
    this.ended = this.#watch()
  }

  get uptime(): number {
    return this.#parts.clock.uptime
  }

  get isExact(): boolean {
    const { gate, vga } = this.#parts
    const isQuiet = !this.#wasDisturbed && !vga.wasTyped && gate?.wasLate !== true
    return this.#profile === 'deterministic' && isQuiet
  }

  get counted(): readonly CountedStretch[] {
    return this.#counted
  }

  async examine(): Promise<Examination> {
    this.#examining ??= examine(this.#parts.emulator, this.#folder).finally(() => {
      this.#examining = undefined
    })
    return await this.#examining
  }

  async forwarded(port: number): Promise<number> {
    return await forwardedPort(this.#parts.emulator.qmp, port)
  }

  async checkpoint(name: string, folder: string): Promise<MachineCheckpoint> {
    const { emulator, ports, gate, states } = this.#parts
    if (this.#wentBack)
      throw noCheckpoint('it has gone back to one before; take all before the first `restore`')
    await gate?.settled()
    return await emulator.standstill.outside(async () => {
      const { qmp } = emulator
      const status = await this.#standStill()
      try {
        // It holds the guest's memory.
        fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
        await states.save(path.join(folder, checkpointFiles.state))
        for (const [role, { transcript }] of ports) {
          transcript.mark(`checkpoint ${name}`)
          fs.copyFileSync(transcript.path, path.join(folder, `${role}.out`))
        }
        const consoles = [...this.consoles].map(([role, it]) => [role, it.state] as const)
        const { uptime, isExact } = this
        this.#own.push(folder)
        return { name, folder, uptime, isExact, consoles: Object.fromEntries(consoles) }
      } finally {
        if (status === 'running') await qmp.execute('cont')
      }
    })
  }

  async restore({ name, folder, consoles }: MachineCheckpoint): Promise<void> {
    const { emulator, ports, gate, states, counter } = this.#parts
    if (!this.#own.includes(folder)) throw notIts(name)
    await counter?.restart()
    await emulator.standstill.outside(async () => {
      await this.#standStill()
      gate?.restart()
      await states.load(path.join(folder, checkpointFiles.state))
      this.#wentBack = true
      for (const [role, { transcript }] of ports) {
        transcript.mark(`back to the checkpoint ${name}`)
        this.consoles.get(role)!.rewind(consoles[role]!)
      }
      await emulator.qmp.execute('cont')
    })
  }

  /**
   * Lets the guest stand still; gives how it was before.
   *
   * @throws {BootstandError} when it has ended.
   */
  async #standStill(): Promise<string> {
    const { qmp } = this.#parts.emulator
    const status = await statusOf(qmp)
    if (!['running', 'paused', 'debug'].includes(status))
      throw noCheckpoint(`the machine has ended (${status})`)
    await qmp.execute('stop')
    return status
  }

  async stop(): Promise<TargetEnd> {
    this.#stopped ??= this.#switchOff()
    return await this.#stopped
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #watch(): Promise<TargetEnd> {
    const { emulator, ports, vga, witness, clock } = this.#parts
    const exit = emulator.exited.then((it) => witness.judgeExit(it))
    // Without its monitor nobody knows how the machine ends.
    const hungUp = emulator
      .hungUp()
      .then((lives) => (lives && this.#stopped === undefined ? deaf : exit))
    const end = await Promise.race([witness.seen, exit, hungUp])
    clock.stop()
    vga.close(end)
    await Promise.all([...ports.values()].map(async (port) => await port.close(end)))
    return end
  }

  async #switchOff(): Promise<TargetEnd> {
    const { emulator, vga, witness, clock, events, states, counter } = this.#parts
    clock.stop()
    witness.expectSwitchOff()
    this.notes.push(...(await keepScreen(vga, path.join(this.#folder, 'vga.txt'), this.timing)))
    await vga.endRecording()
    this.#counted = (await counter?.end()) ?? []
    await emulator.stop()
    if (this.#profile === 'record' && !wasRecordingEnded(this.#folder)) this.notes.push(notEnded)
    await states.clear()
    await endEvidence(events)
    return await this.ended
  }
}

const notEnded = 'QEMU was killed before it had ended its recording: this run cannot be replayed.'

const noBreak = (): BootstandError =>
  new BootstandError(
    'BOOTSTAND_RECORD',
    'usage',
    'Expected no break on a serial port under the profile record: QEMU does not write it down. Enter the debugger by Escape.',
  )

const noCheckpoint = (reason: string): BootstandError =>
  new BootstandError('BOOTSTAND_CHECKPOINT', 'usage', `Here no checkpoint is possible: ${reason}.`)

const notIts = (name: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_CHECKPOINT',
    'usage',
    `Expected a checkpoint of this very boot, found ${name} of another. Boot from it: boot(scenario, { from: checkpoint }).`,
  )

/**
 * What the VGA last showed belongs to the evidence, if there is a way to get it.
 *
 * @returns what a verdict says where there is none.
 */
const keepScreen = async (
  vga: Vga,
  file: string,
  { slowness = 1, meter }: Timing,
): Promise<readonly string[]> => {
  const within = deadlines.emulatorQuit * slowness
  const late = () => new Error(`QEMU did not tell within ${within} ms`)
  try {
    const text = await withDeadline(vga.conclude(), within, late, meter?.time)
    if (text !== undefined) await fs.promises.writeFile(file, `${text}\n`)
    return []
  } catch (error) {
    return [`What the VGA last showed is not kept: ${(error as Error).message}.`]
  }
}
