import { portTraceReader } from './port-trace.ts'

/** What a guest does from the moment at which it has printed a text on COM1, or a whole line that matches, until it has printed another. */
export interface Stretch {
  readonly from: string | RegExp
  readonly to: string | RegExp
  /** Instructions behind which its end is no longer waited for: the boot is for something else, and goes on where QEMU cannot count, too. */
  readonly within?: number
}

/** Characters of a line that a RegExp is tried on. */
const longestLine = 1024

/** An instruction that was executed. */
export interface Executed {
  /** Virtual. */
  readonly address: number
  /** The processor's privilege level. */
  readonly ring: number
}

/** How often an instruction was executed. */
export interface ExecutedInstruction extends Executed {
  readonly count: number
}

/** Counts instructions in what QEMU logs for `-singlestep -d exec,nochain` and a trace of what is written to ports. */
export class ExecutionReader {
  readonly #ends: readonly (string | RegExp)[]
  readonly #within: number
  readonly #counts = new Map<string, number>()
  readonly #portWrite = portTraceReader()
  #unfinished = ''
  #printed = ''
  #last = ''
  /** How many of the stretch's ends were printed. */
  #passed = 0
  #instructions = 0

  constructor({ from, to, within = Number.POSITIVE_INFINITY }: Stretch) {
    this.#ends = [from, to]
    this.#within = within
  }

  /** Whether the guest has printed the text that ends the stretch. */
  get isOver(): boolean {
    return this.#passed === this.#ends.length
  }

  /** Whether nothing more is counted, be it that the stretch is over or took too long to come. */
  get isDone(): boolean {
    return this.isOver || this.#instructions >= this.#within
  }

  /** One for each address and ring. */
  get executed(): ExecutedInstruction[] {
    return [...this.#counts].map(([key, count]) => ({ ...placeOf(key), count }))
  }

  /** Takes the next piece of the log. */
  read(text: string): void {
    const lines = (this.#unfinished + text).split('\n')
    this.#unfinished = lines.pop()!
    for (const line of lines) {
      if (this.isDone) return
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
      if (this.#passed === 1 && this.#last !== '') this.#count(this.#last, -1)
      this.#last = ''
      return
    }
    this.#instructions++
    if (this.#passed === 1) this.#count((this.#last = step), 1)
  }

  #count(instruction: string, by: number): void {
    this.#counts.set(instruction, (this.#counts.get(instruction) ?? 0) + by)
  }

  #print(character: string): void {
    const end = this.#ends[this.#passed]!
    const kept = typeof end === 'string' ? end.length : longestLine
    this.#printed = (this.#printed + character).slice(-kept)
    const isThere =
      typeof end === 'string'
        ? this.#printed === end
        : character === '\n' && end.test(lastLine(this.#printed))
    if (!isThere) return
    this.#passed++
    this.#printed = ''
  }
}

/** The instructions in what QEMU logs for `-singlestep -d exec,nochain`, in the order in which they were executed. */
export const executedIn = (log: string): Executed[] => {
  const keys: string[] = []
  for (const line of log.split('\n')) {
    const step = stepIn(line)
    if (step === takenBack) keys.pop()
    else if (step !== undefined) keys.push(step)
  }
  return keys.map(placeOf)
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
