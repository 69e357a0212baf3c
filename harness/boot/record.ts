import { BootstandError } from '../core/errors.ts'
import type { Stop } from '../console/stop.ts'
import type { Dump } from '../dumps/dumps-in.ts'
import type { Observer } from '../diagnosis/observer.ts'
import { sha256OfProgram } from '../host/hash.ts'
import { packageVersion } from '../host/paths.ts'
import { markAsOver } from '../host/run-folder.ts'
import { inspectTool } from '../host/tools.ts'
import { methodTools } from '../media/build.ts'
import { emulatorOf } from '../target/qemu/command-line.ts'
import type { QemuOptions } from '../target/qemu/machine.ts'
import type { BootPlan } from './plan.ts'
import { writeInterrogation } from '../run-folder/interrogation-file.ts'
import { hasVerdict, writeVerdict } from '../run-folder/verdict-file.ts'
import type { Judgement, Verdict, VerdictTool } from './verdict.ts'

/** What is known of a boot before it runs. */
interface RunFacts {
  readonly plan: BootPlan<string>
  /** Nothing on a board. */
  readonly qemu: QemuOptions | undefined
  /** By which deadlines are longer. */
  readonly slowness: number
  readonly folder: string
  readonly test?: string
  readonly attempt?: number
  readonly ownMethod?: boolean
  readonly startedAt: string
}

type Observed = Pick<
  Verdict,
  'phases' | 'measurements' | 'stops' | 'interrogation' | 'isExact' | 'notes'
>

/** What is known when a boot is over, besides what was observed. */
interface Conclusion {
  /** Milliseconds. */
  readonly uptime: number
  /** What the guest printed by itself after which it does not go on. */
  readonly stops: readonly Stop[]
  /** Of the kernel's debugger. */
  readonly answers: readonly Dump[]
  /** As the verdict says. */
  readonly isExact: boolean
  /** Of the machine. */
  readonly notes: readonly string[]
}

/** Writes what became of a boot into its run folder. */
export class RunRecord {
  readonly #facts: RunFacts

  constructor(facts: RunFacts) {
    this.#facts = facts
  }

  /** Whether a run folder tells what became of its boot. */
  static existsIn(folder: string): boolean {
    return hasVerdict(folder)
  }

  /** Keeps the verdict of a boot that ran. */
  async conclude(
    judgement: Judgement,
    observer: Observer,
    { uptime, stops, answers, isExact, notes }: Conclusion,
  ): Promise<Verdict> {
    const { measurements } = observer
    const phases = observer.phases(uptime)
    const interrogation = answers.map(({ kind, summary }) => `${kind}: ${summary}`)
    if (answers.length > 0) await writeInterrogation(this.#facts.folder, answers)
    const observed = { phases, measurements, stops, interrogation, isExact, notes }
    return await this.#write(judgement, observed)
  }

  /** Keeps the verdict of a machine that could not be switched on. Gives the error to throw. */
  async neverRan(error: unknown): Promise<unknown> {
    if (!(error instanceof BootstandError)) return error
    const { code, culprit, message } = error
    const { qemu, folder } = this.#facts
    const lists = { phases: [], measurements: [], stops: [], interrogation: [], notes: [] }
    const nothing = { ...lists, isExact: false }
    const outcome = qemu === undefined ? 'host-failed' : 'emulator-failed'
    await this.#write({ outcome, culprit, summary: message }, nothing)
    const what = qemu === undefined ? 'was to be booted' : 'QEMU was given and said'
    const where = `The run folder ${folder} has what ${what}.`
    return new BootstandError(code, culprit, `${message}\n${where}`, { cause: error })
  }

  async #write(judgement: Judgement, observed: Observed): Promise<Verdict> {
    try {
      const verdict = await this.#verdict(judgement, observed)
      // Whoever asked still gets it.
      return await writeVerdict(verdict).then(
        () => verdict,
        ({ message: summary }: Error) => ({
          ...verdict,
          ...({ outcome: 'host-failed', culprit: 'host', summary } as const),
        }),
      )
    } finally {
      await markAsOver(this.#facts.folder)
    }
  }

  async #verdict(judgement: Judgement, observed: Observed): Promise<Verdict> {
    const { plan, qemu, slowness, test, attempt = 1, ownMethod, folder, startedAt } = this.#facts
    return {
      scenario: plan.name,
      ...(test !== undefined && { test }),
      attempt,
      ...judgement,
      runFolder: folder,
      guests: plan.guests,
      method: plan.method,
      ...(ownMethod === true && { ownMethod }),
      profile: qemu?.profile ?? 'fast',
      ...(qemu?.checkpoint !== undefined && { from: qemu.checkpoint.folder }),
      consoles: plan.consoles,
      ...(plan.board !== undefined && { board: plan.board.name }),
      ...observed,
      notes: [...plan.medium.notes, ...observed.notes],
      images: plan.images,
      slowness,
      harness: { version: packageVersion, node: process.versions.node },
      tools: await toolsOf(plan),
      ...(qemu !== undefined && emulation(qemu)),
      startedAt,
    }
  }
}

/** What QEMU was to emulate and to log, as data. */
const emulation = ({
  machine,
  traces,
  code = [],
}: QemuOptions): Pick<Verdict, 'machine' | 'logged'> => {
  const { memory, processors, cpu, architecture, network } = machine
  const logged = traces === true ? 'ports' : code.length > 0 ? 'code' : undefined
  return {
    machine: {
      ...{ memory, processors, cpu, architecture },
      network: network && { ...(network.forward !== undefined && { forward: network.forward }) },
    },
    ...(logged !== undefined && { logged }),
  }
}

/** QEMU, what holds it, and what built the medium. */
const toolsOf = async ({ method, machine, board }: BootPlan<string>): Promise<VerdictTool[]> => {
  const emulator = board === undefined ? ([emulatorOf(machine), 'setpriv'] as const) : []
  const built = board?.medium.resident === true ? [] : methodTools(method)
  const used = [...emulator, ...built]
  const reports = await Promise.all(used.map(inspectTool))
  return await Promise.all(
    reports.map(async ({ name, version = 'unknown', path: file = '' }) => ({
      name,
      version,
      path: file,
      sha256: await sha256OfProgram(file),
    })),
  )
}
