import { output } from '../host/output.ts'
import path from 'node:path'
import { bootDisk } from '../boot/boot-disk.ts'
import { boot, type BootOptions } from '../boot/boot.ts'
import { grubMenu, methodFor } from '../boot/grub-menu.ts'
import { mostMemory, mostProcessors } from '../boot/scenario.ts'
import type { BootedTarget } from '../boot/target.ts'
import type { Verdict } from '../boot/verdict.ts'
import type { Console } from '../console/console.ts'
import { exitStatuses } from '../core/errors.ts'
import { shownTitle } from '../core/text.ts'
import { usageError, typedWhole } from '../core/typed.ts'
import { say } from './print.ts'
import { shortPath } from '../host/paths.ts'
import { readMenu } from '../host/read-menu.ts'
import { parseBootMethod } from '../media/build.ts'
import { copyTo } from './copy-console.ts'
import { RawView } from './raw-view.ts'
import { ConsoleView } from './console-view.ts'
import { follow } from './follow.ts'
import { takeKeyboard } from './keyboard.ts'
import { takeFor } from './on-board.ts'
import { scenarioBoot } from './scenario-boot.ts'
import type { InteractiveBootFlags } from './flags.ts'
import { exitStatusOfSignal, onceSignalled, type Signalled } from './signals.ts'

/** Ctrl-], as telnet has it. */
const leaveKey = 0x1d

/** `bootstand boot`: a scenario, a menu or a finished disk, with its console on this terminal. */
export const bootInteractively = async (
  name: string | undefined,
  flags: InteractiveBootFlags,
): Promise<void> => {
  // An emulator goes when we do, and a pipe, a disk or a board may keep us waiting.
  const signalled = onceSignalled({ endsAtOnce: true })
  const booted = await chosenBoot(name, flags)
  await using taken = await takeFor('boot', name, flags)
  // A board stays on when we go.
  if (taken !== undefined) signalled.hold()
  await using target = await signalled.aborting(
    async (signal) => await booted.start({ board: taken?.board, signal }),
  )
  signalled.hold()
  const roles = target.consoles.map((it) => it.role)
  const [first] = roles
  const which = roles.length === 1 ? `console ${first}` : `consoles ${roles.join(', ')}`
  const keys = roles.length === 1 ? '' : ` Keys go to ${first}; Ctrl-^ takes the next one.`
  say(`${booted.label}, ${which}.${keys} Ctrl-] leaves.`)
  await showConsoles(target, signalled)
}

/** What the command line asks for, found and checked. */
interface ChosenBoot {
  /** For people. */
  readonly label: string
  readonly start: (on: Pick<BootOptions, 'board' | 'signal'>) => Promise<BootedTarget>
}

const chosenBoot = async (
  name: string | undefined,
  flags: InteractiveBootFlags,
): Promise<ChosenBoot> => {
  const { disk, menu } = flags
  const wanted = [name, disk, menu].filter((it) => it !== undefined)
  if (wanted.length !== 1) {
    const found = wanted.length === 0 ? 'nothing' : wanted.join(' and ')
    throw usageError(`Expected a scenario, --disk FILE or --menu FILE; found ${found}.`)
  }
  if (disk !== undefined && flags.board !== undefined)
    throw usageError(
      '--board goes with a scenario or --menu: write a finished disk to it yourself.',
    )
  for (const [option, goesWith] of Object.entries(optionsOf)) {
    if (flags[option as keyof typeof optionsOf] === undefined) continue
    if (goesWith.some((it) => flags[it] !== undefined)) continue
    throw usageError(
      `--${option.replaceAll(/[A-Z]/g, (it) => `-${it.toLowerCase()}`)} goes with ${goesWith.map((it) => `--${it}`).join(' or ')}.`,
    )
  }
  if (disk !== undefined) return diskBoot(disk, flags)
  return menu === undefined ? await namedBoot(name!, flags) : await menuBoot(menu, flags)
}

/** Options that a scenario has no use for: it says itself what they would say. */
const optionsOf = {
  memory: ['disk', 'menu'],
  processors: ['disk', 'menu'],
  ports: ['disk', 'menu'],
  cpu: ['menu'],
  architecture: ['menu'],
  root: ['menu'],
  entry: ['menu'],
  allowMissing: ['menu'],
} as const

const diskBoot = (disk: string, flags: InteractiveBootFlags): ChosenBoot => {
  const { ports } = flags
  const options = { ...machineOptions(flags), consoles: comPorts(ports), order: orderOf(flags) }
  return {
    label: `${disk} (never written)`,
    start: async ({ signal }) => await bootDisk(disk, { ...options, signal }),
  }
}

const namedBoot = async (name: string, flags: InteractiveBootFlags): Promise<ChosenBoot> => {
  const { label, start } = await scenarioBoot(name, flags)
  return { label, start: async (on) => await start({ order: orderOf(flags), ...on }) }
}

const menuBoot = async (file: string, flags: InteractiveBootFlags): Promise<ChosenBoot> => {
  const { root, entry } = flags
  const name = path.basename(file, '.lst')
  const text = await menuTextOf(file)
  const scenario = grubMenu({
    menu: text,
    ...(entry !== undefined && { entry }),
    ...(flags.allowMissing === true && { missingFiles: 'allow' }),
    ...machineOptions(flags),
    cpu: flags.cpu,
    architecture: flags.architecture,
    consoles: comPorts(flags.ports),
  })
  const method = parseBootMethod(flags.method) ?? methodFor(scenario)
  const images = root === undefined ? rootOf(file) : path.resolve(root)
  return {
    label: `${shownTitle(scenario.title)} (${file} by ${method})`,
    start: async (on) =>
      await boot(scenario, {
        ...{ name, images, ...on, order: orderOf(flags) },
        method: on.board === undefined ? method : parseBootMethod(flags.method),
      }),
  }
}

const menuTextOf = async (file: string): Promise<string> => {
  const read = await readMenu(file)
  if ('text' in read) return read.text
  throw usageError(`Expected a menu.lst at ${path.resolve(file)}; ${read.defect}.`)
}

/** The directory of a menu that lies where GRUB looks for it. */
const rootOf = (file: string): string => {
  const folder = path.dirname(path.resolve(file))
  if (folder.endsWith('/boot/grub')) return path.resolve(folder, '../..')
  throw usageError(
    `Name the directory with the files of ${file} by --root DIR; it is known only for a menu in boot/grub.`,
  )
}

const machineOptions = ({
  memory,
  processors,
}: InteractiveBootFlags): { readonly memory?: number; readonly processors?: number } => ({
  ...(memory !== undefined && {
    memory: typedWhole('--memory', memory, { most: mostMemory, of: 'MiB' }),
  }),
  ...(processors !== undefined && {
    processors: typedWhole('--processors', processors, { most: mostProcessors }),
  }),
})

const orderOf = ({ exactOrder }: InteractiveBootFlags): 'exact' | undefined =>
  exactOrder === true ? 'exact' : undefined

const comPorts = (words = '1'): string[] =>
  ['com1', 'com2', 'com3', 'com4'].slice(0, typedWhole('--ports', words, { most: 4 }))

/** A target's consoles on this terminal, until either is done. */
const showConsoles = async (target: BootedTarget, signalled: Signalled): Promise<void> => {
  const { consoles } = target
  const [first] = consoles
  const giveBack = takeKeyboard(consoles, {
    leaveKey,
    leave: signalled.interrupt,
    ended: () => {
      // Who can type no more can only watch; without a terminal nobody would end it.
      say('\nStandard input has ended; the machine is switched off.')
      signalled.interrupt()
    },
  })
  const shown = consoles.length === 1 ? print(first!) : printTogether(target)
  await Promise.race([shown, signalled.signal])
  giveBack()
  const verdict = await target.stop()
  const { kind } = await target.ended
  const isOff = kind === 'switched-off' && ['finished', 'crashed'].includes(verdict.outcome)
  const how = isOff ? 'The machine was switched off.' : verdict.summary
  const stops = verdict.stops.map(({ meaning }) => `Seen: ${meaning}.`)
  say(
    `\n${[...verdict.notes, ...stops, how].join('\n')}\nRun folder: ${shortPath(target.runFolder)}`,
  )
  signalled.dispose()
  const signal = signalled.received()
  process.exitCode = signal === undefined ? statusOf(verdict) : exitStatusOfSignal(signal)
}

/** Whatever a guest does is what was wanted here; only the host may fail. */
const statusOf = ({ culprit }: Verdict): number => (culprit === 'host' ? exitStatuses.host : 0)

/** Copies what the guest prints to standard output until it can print no more, or nobody reads. */
const print = async ({ transcript }: Console): Promise<void> => {
  const readerGone = new Promise<void>((resolve) => {
    output.onceLost(() => resolve())
  })
  using view = new RawView(output)
  await Promise.race([copyTo(view, transcript), readerGone])
}

/** Shows several consoles, each line behind its console's name. */
const printTogether = async ({ consoles }: BootedTarget): Promise<void> => {
  const view = new ConsoleView(
    output,
    consoles.map((it) => it.role),
  )
  const readerGone = new AbortController()
  output.onceLost(() => readerGone.abort())
  await follow(
    consoles.map(({ role, transcript }) => ({ role, path: transcript.path })),
    () => consoles.every(({ transcript }) => transcript.end !== undefined),
    {
      onBytes: async (role, bytes) => {
        view.print(role, bytes)
        await output.room(readerGone.signal)
      },
      onQuiet: (role) => view.settle(role),
    },
    readerGone.signal,
  )
  view.close()
}
