import fs from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Alarm } from '../console/alarm.ts'
import type { WaitError } from '../console/wait-error.ts'
import { BootstandError } from '../core/errors.ts'
import { investigate } from '../diagnosis/investigate.ts'
import { Observer, type ObserverEvents } from '../diagnosis/observer.ts'
import type { Stretch } from '../formats/execution-log.ts'
import { parseMenu } from '../formats/menu/parse.ts'
import { explainingDisk, makeRunFolder, markAsRunning } from '../host/run-folder.ts'
import { hostSlowness } from '../host/slowness.ts'
import { toolPath } from '../host/tools.ts'
import { firmwareStops } from '../kernel/firmware.ts'
import { grubPrompts, grubStops } from '../kernel/grub.ts'
import { interrogate, type Occasion } from '../kernel/debugger/interrogation.ts'
import type { KernelProfile } from '../kernel/profile.ts'
import { emulatorOf } from '../target/qemu/command-line.ts'
import type { Profile } from '../target/target.ts'
import { assertSame, ingredients, type Checkpoint } from './checkpoint.ts'
import { writeScript } from './by-hand.ts'
import { ownCheckpoints } from './own-checkpoints.ts'
import type { BootPlan } from './plan.ts'
import { isLogTaken, qemuOf, startPlanned, type Watched } from './planned-machine.ts'
import { RunRecord } from './record.ts'
import { assertRecordable, assertRecordableMedium } from './recordable.ts'
import { Resumer } from './resumer.ts'
import { makeTarget, type Target } from './target.ts'
import { keepHot } from './keep-hot.ts'
import { judge } from './verdict.ts'

/** Who is told of a boot, and what ends it. */
export interface WatchOptions extends ObserverEvents {
  /** The test on whose behalf it boots. */
  readonly test?: string
  /** Which attempt of that test it is; 1 by default. */
  readonly attempt?: number
  /** Whether that test names the method itself. */
  readonly ownMethod?: boolean
  /**
   * `loader`: waits may find what the loader prints; without it they begin behind the loader. `menu`:
   * besides, GRUB waits at a generated menu until an entry is picked. A checkpoint of a boot of the same: the
   * guest goes on there, in a machine and with transcripts of its own, which begin with what was printed before.
   */
  readonly from?: 'loader' | 'menu' | Checkpoint | undefined
  /**
   * `exact`: QEMU notes when the guest wrote each byte, so that lines of several consoles have an order
   * (`bootstand timeline`). The log grows by a line a byte.
   */
  readonly order?: 'exact' | undefined
  /** Whether QEMU logs which code of the images the guest comes to, for `bootstand coverage`. */
  readonly coverage?: boolean | undefined
  /**
   * Counts the instructions that each routine executes in a stretch soon behind a key that is typed, into `hot.json`, for
   * `bootstand hot`; to the instruction under `deterministic`. The guest is slow until the stretch is over. Neither `coverage`
   * nor an exact order goes with it: QEMU has one log. `measured`: of each benchmark that begins behind a key, from its first
   * measured line to its second.
   */
  readonly counted?: Stretch | 'measured' | undefined
  /** By which clock the machine runs; `fast` by default. */
  readonly profile?: Profile | undefined
  /** Told when a test asks a board for what no board has; what it throws is what the test gets. */
  readonly onCannot?: ((error: BootstandError) => void) | undefined
  /** Ends the boot, or every wait on the target. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Boots in a run folder of its own.
 *
 * @param prepare Makes the plan, and the medium in the folder. When it throws, the folder goes.
 */
export const bootIn = async <Role extends string>(
  { name, machine, board }: Pick<BootPlan<Role>, 'name' | 'machine' | 'board'>,
  prepare: (folder: string) => Promise<BootPlan<Role>>,
  options: WatchOptions,
): Promise<Target<Role>> => {
  if (typeof options.counted === 'object' && isLogTaken(options)) throw oneLog()
  const startedAt = new Date().toISOString()
  // Looked for before anything is written, so that nothing is left behind when it is missing.
  if (board === undefined) await toolPath(emulatorOf(machine))
  assertCountable(options.profile, machine)
  if (options.profile === 'record') assertRecordable(options, machine)
  const folder = await makeRunFolder(name)
  try {
    options.signal?.throwIfAborted()
    const plan = await explainingDisk(folder, async () => {
      await markAsRunning(folder)
      const prepared = await prepare(folder)
      if (board === undefined) await writeScript(folder, prepared, options.profile)
      return prepared
    })
    options.signal?.throwIfAborted()
    if (options.profile === 'record') assertRecordableMedium(plan)
    return await switchOn(plan, { folder, startedAt, ...options })
  } catch (error) {
    // Where nothing has booted there is no evidence to keep.
    if (!RunRecord.existsIn(folder)) await fs.rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** @throws {BootstandError} for several processors by the guest's clock. */
const assertCountable = (
  profile: Profile = 'fast',
  { processors = 1 }: BootPlan<string>['machine'],
): void => {
  if (profile === 'fast' || processors === 1) return
  throw new BootstandError(
    'BOOTSTAND_PROCESSORS',
    'usage',
    `Expected one processor for the profile ${profile}, found ${processors}: where QEMU counts instructions, one that waits for another in a loop may keep it from running, and real kernels do not come up. Use the profile fast.`,
  )
}

const oneLog = (): BootstandError =>
  new BootstandError(
    'BOOTSTAND_COUNT',
    'usage',
    'Expected `counted` without `coverage` and `order`, found both: QEMU has one log. Boot once for each.',
  )

const switchOn = async <Role extends string>(
  plan: BootPlan<Role>,
  options: WatchOptions & { readonly folder: string; readonly startedAt: string },
): Promise<Target<Role>> => {
  const { folder, signal } = options
  const profile = withLoaderStops(plan)
  const begins = beginningOf(options)
  const checkpoint = typeof options.from === 'object' ? options.from : undefined
  if (checkpoint !== undefined)
    assertSame(checkpoint, await ingredients(plan, options.profile ?? 'fast'))
  let lastWait: WaitError | undefined
  let waited = false
  const [alarm, slowness] = [new Alarm(), hostSlowness()]
  const watched: Watched = {
    alarm,
    folder,
    begins: begins === 'kernel' ? profile.begins : undefined,
    breakIn: profile.breakIn,
    stops: profile.stops.filter((it) => plan.resumes !== true || it.ofDebugger === undefined),
    signal,
    onWaited: (error) => {
      lastWait = error
      waited = true
    },
    slowness,
    examine: async (missed) =>
      await investigate({ machine, profile, files: plan.files ?? [] }, missed),
  }
  const qemu = qemuOf(plan, watched, options)
  const record = new RunRecord({ plan, qemu, slowness, ...options })
  const machine = await startPlanned(plan, qemu, watched, options).catch(async (error: unknown) => {
    throw await record.neverRan(error)
  })
  const [firstConsole] = machine.consoles.values()
  const resumer = new Resumer(firstConsole!, profile, machine.timing)
  const observer = new Observer([...machine.consoles.values()], profile, {
    ...options,
    onStop: (stop, where) => {
      const { role, position } = where
      // What stopped the guest before was dealt with there.
      if (position.offset < (checkpoint?.consoles[role]?.size ?? 0)) return
      if (plan.resumes !== true || stop.ofDebugger === undefined)
        alarm.raise(stop, machine.consoles.get(role)!, position)
      else if (stop.ofDebugger === 'entry' && role === firstConsole!.role)
        resumer.entered(stop, position)
      options.onStop?.(stop, where)
    },
  })
  const checkpoints = ownCheckpoints(plan, machine, observer, { ...options, begins })
  const { keep, restore } = checkpoints
  const parts = { machine, folder, profile, files: plan.files ?? [], keep, restore }
  return makeTarget(parts, async () => {
    if (signal?.aborted !== true) await observer.hearOut()
    await resumer.idle()
    // What the debugger is asked now is no longer what the test has brought about.
    const [failure, { isExact }] = [lastWait, machine]
    const seen = new Map([...machine.consoles].map(([role, it]) => [role, it.accepted]))
    const heard = (role: string) => seen.get(role)!
    const [stops, uptime] = [[...observer.stops], machine.uptime]
    const occasion = occasionOf(failure, observer.crash(heard))
    const isAsked = occasion !== undefined && signal?.aborted !== true
    const images = (plan.files ?? []).map(({ bytes }) => bytes)
    const runs = await Promise.race([machine.ended.then(() => false), nextTurn(true)])
    const why = { images, timing: machine.timing }
    const asked = isAsked ? await interrogate(firstConsole!, profile, { occasion, ...why }) : []
    const answers = [...resumer.answers, ...asked]
    const end = await machine.stop()
    await observer.done
    const crash = checkpoints.leftBehind ?? observer.crash(heard)
    await keepHot(folder, machine.counted, plan.files ?? [])
    const judgement = judge({ end, failure, waited, signal, crash, asked: isAsked && runs })
    const { notes } = machine
    return await record.conclude(judgement, observer, { uptime, stops, answers, isExact, notes })
  })
}

/** Where a boot's waits begin. */
export const beginningOf = ({ from }: Pick<WatchOptions, 'from'>): Checkpoint['begins'] =>
  typeof from === 'object' ? from.begins : (from ?? 'kernel')

/** Whether a boot has gone wrong so that its kernel's debugger should be asked why. */
const occasionOf = (
  failure: WaitError | undefined,
  crash: ReturnType<Observer['crash']>,
): Occasion | undefined => {
  const stop = crash?.awaited === false ? crash.stop : failure?.stop
  if (stop?.microkernelRuns === true) return 'hung'
  const outcome = stop?.outcome ?? failure?.diagnosis?.outcome
  if (outcome === 'crashed' || outcome === 'waiting-in-debugger') return 'entered'
  return outcome === 'spinning' || outcome === 'silent' ? 'hung' : undefined
}

/** Before the kernel speaks, the firmware and the loader may stop the boot. */
const withLoaderStops = ({ profile, menu }: BootPlan<string>): KernelProfile => ({
  ...profile,
  stops: [
    ...firmwareStops,
    ...grubStops(menu === undefined ? undefined : parseMenu(menu)),
    ...profile.stops,
  ],
  prompts: [...grubPrompts, ...profile.prompts],
})
