import { portTraceReader } from './port-trace.ts'

/** What a guest does from the moment at which it has printed a text on COM1, or a whole line that matches, until it has printed another. */
export interface Stretch {
  readonly from: string | RegExp
  readonly to: string | RegExp
  /** Instructions behind a key in which it has to end; `usualReach` without. */
  readonly within?: number
  /** A line before it whose group `benchmark` names it. With it there is a stretch behind each such line, else only one. */
  readonly heading?: RegExp
}

/** What was executed in a stretch. */
export interface CountedStretch {
  /** As its heading names it. */
  readonly benchmark?: string
  /** Which of the boot's headings of that name it was, from 1 on. */
  readonly run?: number
  /** One for each address and ring. */
  readonly executed: readonly ExecutedInstruction[]
}

/** Pistachio's pingpong needs a million. These take 8 s, a quarter of a wait's deadline. */
export const usualReach = 4_000_000

/** Characters of a line that a RegExp is tried on. */
const longestLine = 1024

/** An instruction that was executed. */
interface Executed {
  /** Virtual. */
  readonly address: number
  /** The processor's privilege level. */
  readonly ring: number
}

/** One in its place among others. */
export interface TracedInstruction extends Executed {
  /** The address in hexadecimal: of 64 bits, no number has all. */
  readonly digits: string
}

/** How often an instruction was executed. */
export interface ExecutedInstruction extends Executed {
  readonly count: number
}

/**
 * Counts instructions in what QEMU logs for `-singlestep -d exec,nochain` and a trace of what is written to ports. It rests until
 * it is told of a key, and again when a stretch behind it is over or has not come.
 */
export class ExecutionReader {
  /** Those that are over. */
  readonly stretches: CountedStretch[] = []
  readonly #stretch: Stretch
  readonly #portWrite = portTraceReader()
  #unfinished = ''
  #printed = ''
  #last = ''
  #benchmark: string | undefined
  /** How often each benchmark's heading has come. */
  #headings = new Map<string, number>()
  /** How often each instruction was executed in the stretch that goes on, if one does. */
  #counts: Map<string, number> | undefined
  /** Instructions until it rests. */
  #left = 0

  constructor(stretch: Stretch) {
    this.#stretch = stretch
  }

  /** Whether it reads nothing until the next key. */
  get rests(): boolean {
    return this.#left <= 0
  }

  /**
   * A key is given to the guest, behind which a stretch may come.
   *
   * @param headings How often each benchmark's was printed until now.
   */
  awake(headings: ReadonlyMap<string, number> = new Map()): void {
    const { heading, within = usualReach } = this.#stretch
    // While it reads it has seen them itself.
    if (this.rests) this.#headings = new Map(headings)
    if (heading !== undefined || this.stretches.length === 0) this.#left = within
  }

  /** Drops the stretch that goes on, if one does, and reads nothing until the next key. */
  rest(): void {
    this.#left = 0
    this.#counts = undefined
    this.#benchmark = undefined
    this.#unfinished = ''
    this.#printed = ''
    this.#last = ''
  }

  /** Takes the next piece of the log. */
  read(text: string): void {
    const lines = (this.#unfinished + text).split('\n')
    this.#unfinished = lines.pop()!
    for (const line of lines) {
      if (this.rests) return
      this.#take(line)
    }
  }

  #take(line: string): void {
    const step = stepIn(line)
    if (step === undefined) {
      const write = this.#portWrite(line)
      if (write?.port === 'COM1') this.#print(String.fromCharCode(write.value))
      return
    }
    if (step === takenBack) {
      if (this.#last !== '') this.#count(this.#last, -1)
      this.#last = ''
      return
    }
    this.#count((this.#last = step), 1)
    this.#left--
    if (this.rests) this.rest()
  }

  #count(instruction: string, by: number): void {
    this.#counts?.set(instruction, (this.#counts.get(instruction) ?? 0) + by)
  }

  #print(character: string): void {
    this.#printed += character
    const { from, to, heading } = this.#stretch
    const name =
      character === '\n' ? heading?.exec(lastLine(this.#printed))?.groups?.['benchmark'] : undefined
    if (name !== undefined) {
      this.#benchmark = name
      this.#headings.set(name, (this.#headings.get(name) ?? 0) + 1)
      this.#counts = undefined
    }
    if (!isPrinted(this.#counts === undefined ? from : to, this.#printed)) {
      if (this.#printed.length > 2 * longestLine) this.#printed = this.#printed.slice(-longestLine)
      return
    }
    this.#printed = ''
    this.#last = ''
    if (this.#counts !== undefined) {
      const executed = [...this.#counts].map(([key, count]) => ({ ...placeOf(key), count }))
      const benchmark = this.#benchmark
      const named = benchmark !== undefined && { benchmark, run: this.#headings.get(benchmark)! }
      this.stretches.push({ ...named, executed })
      this.rest()
    } else if (heading === undefined || this.#benchmark !== undefined) {
      this.#counts = new Map()
    }
  }
}

/** Whether what was printed ends with a text, or with a whole line that matches. */
const isPrinted = (end: string | RegExp, printed: string): boolean =>
  typeof end === 'string'
    ? printed.endsWith(end)
    : printed.endsWith('\n') && end.test(lastLine(printed))

/** The instructions in what QEMU logs for `-singlestep -d exec,nochain`, in the order in which they were executed. */
export const executedIn = (log: string): TracedInstruction[] => {
  const keys: string[] = []
  for (const line of log.split('\n')) {
    const step = stepIn(line)
    if (step === takenBack) keys.pop()
    else if (step !== undefined) keys.push(step)
  }
  return keys.map((key) => ({ ...placeOf(key), digits: key.split(' ')[0]! }))
}

const takenBack = 'taken back'

/** What a line tells: an instruction was executed, or the last one was not, since something else was to be done first; it comes again. */
const stepIn = (line: string): string | undefined => {
  if (line.startsWith('Stopped execution ')) return takenBack
  return line.startsWith('Trace ') && counts(line) ? instructionOf(line) : undefined
}

const placeOf = (key: string): Executed => {
  const [address, ring] = key.split(' ')
  return { address: Number.parseInt(address!, 16), ring: Number(ring) }
}

/**
 * Whether an instruction counts. Two do not: one that met a device's memory and is begun anew (`CF_MEMI_ONLY`), and in a
 * replay one that raises an exception (without `CF_USE_ICOUNT`). (QEMU 7.2, accel/tcg, `cpu_io_recompile` and `cpu_handle_exception`.)
 */
const counts = (line: string): boolean => {
  const flags = Number.parseInt(line.slice(line.lastIndexOf('/') + 1), 16)
  return (flags & 0x3_0000) === 0x2_0000
}

/** A line ends with LF CR, CR LF or LF. */
const lastLine = (printed: string): string =>
  printed
    .trimEnd()
    .split(/[\r\n]+/)
    .at(-1)!

/** Of `Trace 0: 0x7fd0781a3d00 [00000000/004005a1/000030b3/ff020201] `: base, address and flags, whose first two bits are the ring. */
const instructionOf = (line: string): string => {
  const start = line.indexOf('/') + 1
  const end = line.indexOf('/', start)
  const flags = line.slice(end + 1, line.indexOf('/', end + 1))
  return `${line.slice(start, end)} ${Number.parseInt(flags.slice(-1), 16) & 3}`
}
