import type { BootedFile } from './address-map.ts'
import { notes, type Evidence, type KnownFinding } from './known-findings.ts'

/** What is known beside a log. */
export interface FindingContext {
  /** Files that may have been booted, also those that do not fit. */
  readonly files?: readonly BootedFile[]
  /** The machine's. */
  readonly processors?: number
  readonly serialPorts?: number
  /** How a run ended: its verdict. */
  readonly end?: { readonly outcome: string; readonly summary: string }
}

/** What several lines show together, or a line and what is known beside the log. */
export interface ComparedFinding extends Omit<KnownFinding, 'pattern' | 'least' | 'besides'> {
  /** Nothing where it is not so. */
  readonly seen: (lines: readonly string[], context: FindingContext) => readonly Evidence[]
}

const at = (lines: readonly string[], index: number): Evidence => ({
  line: index + 1,
  text: lines[index]!,
})

/** The first line behind `from` of that form, if none of the other form comes before. */
const nextLine = (
  lines: readonly string[],
  from: number,
  wanted: RegExp,
  before: RegExp,
): number | undefined => {
  for (let index = from + 1; index < lines.length; index += 1) {
    if (wanted.test(lines[index]!)) return index
    if (before.test(lines[index]!)) return undefined
  }
  return undefined
}

const kickstart = /^KickStart \d/
const reserving = /^Reserving (?<size>\d+)(?<unit>[KMG]?)B for kernel memory/
const found = /^\s*found +(?<size>\d+)(?<unit>[KMG]) kmem /
const commandLine =
  /^ *module[ =]|^ {2}cmdline: |\b[Cc]ommand line(?: \(\d+ args\))?: |^ *kernel[ =]/

const seenKmemOnModule = (lines: readonly string[]): readonly Evidence[] => {
  for (const [index, line] of lines.entries()) {
    if (!/^ *module[ =].* kmem=\d/.test(line)) continue
    const loader = nextLine(lines, index, kickstart, /^ *kernel[ =]/)
    if (loader === undefined) continue
    const launched = nextLine(lines, loader, /^Launching kernel/, kickstart)
    const isRead = nextLine(lines, loader, reserving, kickstart) !== undefined
    if (launched === undefined || isRead) continue
    const its = nextLine(lines, launched, found, kickstart)
    return [index, ...(its === undefined ? [] : [its])].map((it) => at(lines, it))
  }
  return []
}

const units: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }

const sizeIn = (line: string, form: RegExp): number => {
  const { size, unit } = form.exec(line)?.groups ?? {}
  return Number(size) * (units[unit ?? ''] ?? 1)
}

const seenLessKmem = (lines: readonly string[]): readonly Evidence[] => {
  for (const [index, line] of lines.entries()) {
    if (!reserving.test(line)) continue
    const its = nextLine(lines, index, found, kickstart)
    if (its === undefined || sizeIn(lines[its]!, found) >= sizeIn(line, reserving)) continue
    return [at(lines, index), at(lines, its)]
  }
  return []
}

const seenTooManyProcessors = (
  lines: readonly string[],
  { processors }: FindingContext,
): readonly Evidence[] => {
  if (!lines.some((it) => kickstart.test(it))) return []
  const registered = lines.flatMap((it, index) =>
    /^\s*Registering processor \d+ in KIP/.test(it) ? [index] : [],
  )
  const physical = new Set(registered.map((it) => /\d+/.exec(lines[it]!)![0])).size || processors
  const index = lines.findIndex((it) => {
    const wanted = commandLine.test(it) ? /\bmaxcpus=(\d{1,4})(?!\d)/.exec(it)?.[1] : undefined
    return wanted !== undefined && physical !== undefined && Number(wanted) > physical
  })
  if (index === -1) return []
  return registered.length === 0
    ? [at(lines, index), { text: `processors of the machine: ${physical}` }]
    : [at(lines, index), at(lines, registered.at(-1)!)]
}

const seenSilentLinux = (lines: readonly string[]): readonly Evidence[] => {
  const last = lines.findLastIndex((it) => it.trim() !== '')
  if (last === -1 || !/\bbootconsole \[\w+\] disabled$/.test(lines[last]!)) return []
  const enabled = lines.findLastIndex((it) => /\bconsole \[\w+\] enabled$/.test(it))
  return enabled === -1 ? [] : [at(lines, enabled), at(lines, last)]
}

const seenSilentL4Linux = (lines: readonly string[]): readonly Evidence[] => {
  const index = lines.findLastIndex((it) => /^Linux kernel command line \(\d+ args\): /.test(it))
  const line = lines[index] ?? ''
  if (!/ console=/.test(line) || / console=ttyLv/.test(line)) return []
  // The kernel's own messages begin with it.
  const spoke = nextLine(lines, index, /Kernel command line: /, /^L4 Bootstrapper/)
  return spoke === undefined ? [at(lines, index)] : []
}

/** What Moe starts, and what it needs for it: each program is started by L4Re's own. */
const seenNoSuchModule = (lines: readonly string[]): readonly Evidence[] => {
  const index = lines.findIndex((it) => it.startsWith('MOE: Starting: rom/'))
  if (index === -1) return []
  const wanted = lines[index]!.match(/(?<= rom\/)\S+/g) ?? []
  const listed = lines.flatMap((it, line) => {
    const name = /^ {2}(?:BOOTFS|ROMFS): \[.*\] (?<name>\S+)$/.exec(it)?.groups?.['name']
    return name === undefined || line > index ? [] : [{ name, line }]
  })
  const isThere = (wish: string) => listed.some(({ name }) => name === wish)
  if ([...wanted, 'l4re'].every(isThere)) return []
  return [at(lines, index), ...listed.map(({ line }) => at(lines, line))]
}

const seenNoSuchPort = (
  lines: readonly string[],
  { serialPorts }: FindingContext,
): readonly Evidence[] => {
  if (serialPorts === undefined) return []
  const index = lines.findIndex((it) => {
    const port = commandLine.test(it) ? /\bconsole=ttyS(\d{1,3})(?!\d)/g : undefined
    return port !== undefined && [...it.matchAll(port)].some(([, n]) => Number(n) >= serialPorts)
  })
  if (index === -1) return []
  return [at(lines, index), { text: `serial ports of the machine: ${serialPorts}` }]
}

const seenTripleFault = (
  lines: readonly string[],
  { end }: FindingContext,
): readonly Evidence[] => {
  const last = lines.findLastIndex((it) => it.trim() !== '')
  if (end?.outcome !== 'triple-fault' || last === -1) return []
  return [at(lines, last), { text: `the verdict: ${end.summary}` }]
}

/** What a kernel says of itself, and where in its file the same text stands. */
const banners = [
  {
    printed: /^L4Ka::Pistachio.*built on .*/,
    inFile: /L4Ka::Pistachio[\x20-\x7e]*built on [\x20-\x7e]{11,200}/,
  },
  {
    printed: /\bLinux version .* #\d.*/,
    inFile: /Linux version [\x20-\x7e]{1,300} #\d[\x20-\x7e]{1,100}/,
  },
] as const

const longestBanner = 512

const seenStaleKernel = (
  lines: readonly string[],
  { files = [] }: FindingContext,
): readonly Evidence[] => {
  for (const { printed, inFile } of banners) {
    const index = lines.findLastIndex((it) => it.length < longestBanner && printed.test(it))
    if (index === -1) continue
    const said = printed.exec(lines[index]!)![0]
    const texts = files.flatMap(({ name, bytes }) => {
      const text = inFile.exec(bytes.toString('latin1'))?.[0]
      return text === undefined ? [] : [{ name, text }]
    })
    // Of several, one may be what was booted.
    if (texts.length === 0 || texts.some(({ text }) => said.startsWith(text))) continue
    return [at(lines, index), ...texts.map(({ name, text }) => ({ text: `${name} has: ${text}` }))]
  }
  return []
}

/** What it takes more than a pattern to see. */
export const comparedFindings: readonly ComparedFinding[] = [
  {
    id: 'kernel-memory-on-module',
    advice:
      "kickstart reads kmem= only on its own line, the one of `kernel`; on a module's line it has no effect.",
    source: 'docs/lint-proofs.md',
    seen: seenKmemOnModule,
  },
  {
    id: 'kernel-memory-less',
    advice:
      'The kernel got less memory than kmem= asked for. It has to end below 240 MB, in one piece of memory that holds no module.',
    source: "kickstart's mbi-ia32.cc; docs/lint-proofs.md",
    seen: seenLessKmem,
  },
  {
    id: 'more-virtual-processors',
    advice:
      'L4Linux starts as many virtual processors as maxcpus= says. With more of them than physical ones it will deadlock at last: an interrupt thread waits for the kernel thread of another virtual processor on the same physical one. Lower maxcpus=.',
    source: notes('Virtual processors'),
    seen: seenTooManyProcessors,
  },
  {
    id: 'silent-console',
    advice:
      'From here on Linux prints on the console that it has enabled, and not where this was recorded. Add console=ttyS0, or whichever port is recorded; of several console= the last is /dev/console, and all are printed on.',
    source:
      "Linux' Documentation/serial-console.txt; fixtures/recordings/linux-6.1/linux-noconsole.log",
    seen: seenSilentLinux,
  },
  {
    id: 'silent-console',
    advice:
      'L4Linux prints nothing of its own here: console= names none of its consoles on the microkernel. console=ttyLv0 is the first one.',
    source: 'fixtures/recordings/l4linux/nocons.log, beside noroot.log with console=ttyLv0',
    seen: seenSilentL4Linux,
  },
  {
    id: 'no-such-module',
    advice:
      'Moe is to start, or to hand on, a file that is not among the modules that it lists, or `l4re` is not. Name it by a line of its own in the menu, such as `module /ned`; of a program that is missing neither Moe nor L4Re may say a word.',
    source: 'fixtures/recordings/fiasco/no-ned.log, beside no-l4re.log',
    seen: seenNoSuchModule,
  },
  {
    id: 'no-such-port',
    advice: 'console= names a serial port that the machine does not have, so nobody hears it.',
    source: "Linux' Documentation/serial-console.txt: ttyS0 is the first port",
    seen: seenNoSuchPort,
  },
  {
    id: 'triple-fault',
    advice:
      "The processor failed to handle a fault and reset the machine; the kernel could print nothing of it. The registers of that moment stand in the run folder's qemu.log; the line before is the last that was printed.",
    source: "QEMU's manual, -d cpu_reset",
    seen: seenTripleFault,
  },
  {
    id: 'stale-kernel',
    advice:
      'The kernel that was booted is another build than the file that it is compared with, so addresses mean something else. See that the build succeeded, that the menu names its result, and that this is the file that was copied.',
    source: notes('Trouble Shooting'),
    seen: seenStaleKernel,
  },
]
