import { withArguments } from '../../formats/menu/edit.ts'
import { commandsOf, type MenuFile } from '../../formats/menu/menu-file.ts'
import { parseSerial } from '../../formats/menu/pieces/serial.ts'
import { parseTerminal } from '../../formats/menu/pieces/terminal.ts'
import type { CommandStatement } from '../../formats/menu/statement.ts'
import type { Word } from '../../formats/menu/span.ts'
import { eachEntry, shown, type Complaint, type Rule } from '../rule.ts'
import type { EntryView, Subject } from '../subject.ts'

/** What Pistachio's kernel and kickstart speak, whatever GRUB does (CONFIG_KDB_COMSPEED). */
const kernelSpeed = 115_200

const globals = (file: MenuFile, name: string): CommandStatement[] =>
  commandsOf(file.globals).filter((it) => it.name === name)

const speaksSerially = ({ words }: CommandStatement): boolean =>
  parseTerminal(words).terminals.includes('serial')

const checkTerminal: Rule['check'] = ({ file }) =>
  globals(file, 'terminal').some(speaksSerially)
    ? []
    : globals(file, 'serial').map(({ word: at }) => ({
        at,
        message: 'Expected "terminal serial" with "serial", found no terminal that uses the port.',
      }))

const checkSerial: Rule['check'] = ({ file }) => {
  const setUpAt = globals(file, 'serial')[0]?.index ?? Number.POSITIVE_INFINITY
  return globals(file, 'terminal')
    .filter((it) => it.index < setUpAt && speaksSerially(it))
    .map(({ word: at }) => ({
      at,
      message: 'Expected "serial" before "terminal serial", found no port set up.',
    }))
}

/** The `console=` words of what an entry boots. */
const consoles = ({ kernel, modules }: EntryView): Word[][] =>
  [...(kernel === undefined ? [] : [kernel]), ...modules]
    .map(({ command }) => command.words.filter((it) => it.text.startsWith('console=')))
    .filter((it) => it.length > 0)

/** The speeds that `console=` words name: a kernel built for another speed has a Linux that uses it too. */
const consoleSpeeds = (entries: readonly EntryView[]): ReadonlySet<string | undefined> =>
  new Set(
    entries
      .flatMap(consoles)
      .flat()
      .map(({ text }) => /,([0-9]+)/.exec(text)?.[1]),
  )

const checkSpeed = ({ file, entries }: Subject): Complaint[] => {
  if (!entries.some((it) => it.isKickstart)) return []
  const speeds = consoleSpeeds(entries)
  return globals(file, 'serial').flatMap((command): Complaint[] => {
    const { speed, unit, problems } = parseSerial(command.words)
    if (speed === kernelSpeed || speeds.has(String(speed))) return []
    if (unit !== 0 || problems.length > 0) return []
    const given = command.words.find((it) => it.text.startsWith('--speed='))
    const found = given === undefined ? `${speed}, GRUB's default` : String(speed)
    const message = `Expected --speed=${kernelSpeed}, as Pistachio's kernel speaks, found ${found}.`
    const changes = () => [withArguments(command, withSpeed(command))]
    const fix = { description: `Set --speed=${kernelSpeed}.`, changes }
    return [{ at: given ?? command.word, message, fix }]
  })
}

const withSpeed = ({ arguments: { text } }: CommandStatement): string => {
  const option = `--speed=${kernelSpeed}`
  if (text.includes('--speed=')) return text.replaceAll(/--speed=\S*/g, option)
  return text === '' ? option : `${option} ${text}`
}

/** L4Linux's herc is the kernel debugger's console; com is GNU Mach's and Xen's, hvc a Xen guest's. */
const serialConsole = /^console=(?:ttyS|herc|com|hvc|uart|ttyUSB)/

const checkCaptured = (view: EntryView, { context }: Subject): Complaint[] =>
  context.machine?.serialPorts === undefined
    ? []
    : consoles(view)
        .filter((words) => !words.some((it) => serialConsole.test(it.text)))
        .map((words) => ({
          at: words[0]!,
          message: `Expected a console on a serial port, found only ${words.map((it) => shown(it.text)).join(', ')}.`,
        }))

const checkPort = (view: EntryView, { context }: Subject): Complaint[] => {
  const count = context.machine?.serialPorts
  if (count === undefined) return []
  return consoles(view)
    .flat()
    .filter(({ text }) => Number(/^console=ttyS([0-9]+)/.exec(text)?.[1] ?? -1) >= count)
    .map((at) => ({
      at,
      message: `Expected a port of the machine, which has ${count} (ttyS0 is the first), found ${shown(at.text)}.`,
    }))
}

export const consoleRules: readonly Rule[] = [
  {
    id: 'serial-without-terminal',
    severity: 'warning',
    trips: '`serial` without a `terminal` that names it',
    why: 'GRUB prints nothing on the port: neither its menu nor its errors.',
    check: checkTerminal,
  },
  {
    id: 'terminal-without-serial',
    severity: 'error',
    trips: '`terminal serial` without `serial` before it',
    why: 'GRUB refuses the terminal and prints nothing on the port.',
    check: checkSerial,
  },
  {
    id: 'serial-speed',
    severity: 'warning',
    trips: `a speed of COM1 other than the ${kernelSpeed} of Pistachio's kernel, GRUB's default of 9600 too; unless a \`console=\` has it`,
    why: 'On a real port, what GRUB or what the kernel prints is garbage.',
    fix: `\`--speed=${kernelSpeed}\``,
    fixNeeds: 'menu',
    check: checkSpeed,
  },
  {
    id: 'no-captured-console',
    severity: 'warning',
    trips: '`console=` words of which none names a serial port',
    why: 'The system boots in silence: nothing that it prints is captured.',
    check: eachEntry(checkCaptured),
  },
  {
    id: 'console-port-missing',
    severity: 'error',
    trips: '`console=ttySn` for a port that the machine does not have',
    why: 'What is printed there goes nowhere.',
    check: eachEntry(checkPort),
  },
]
