import fs from 'node:fs'
import type { Culprit } from '../core/errors.ts'
import { Arrivals, type Arrival } from './arrivals.ts'
import { CastWriter } from './cast-writer.ts'

/**
 * How often a transcript looks for new bytes, in milliseconds.
 *
 * Polling is deliberate. QEMU writes a serial port byte by byte, and an inotify watch makes each of
 * these writes wake us, which slows the guest by more than half; a look every millisecond costs it
 * next to nothing (`npm run bench -- transport`).
 */
const pollInterval = 1

/** How often a silent transcript's disk is looked at, in milliseconds. */
const diskInterval = 1000

const readSize = 65_536
/** A new buffer for each piece would leave the heap full of holes. */
const scratch = Buffer.allocUnsafe(readSize)

/** Why no further byte can come. */
export interface TranscriptEnd {
  /** One clause, such as `the guest was reset`. */
  readonly what: string
  /** Nobody, when the harness itself switched the machine off. */
  readonly culprit?: Culprit | undefined
}

/**
 * Everything that one console of a target said: a file that the emulator itself appends to, followed
 * while it grows. The file is the truth; a stalled or dead reader costs the guest nothing and loses
 * no byte. Beside it grows a timed copy, an asciicast, with the typed keys in it.
 */
export class Transcript {
  readonly path: string
  readonly castPath: string
  readonly #now: () => number
  /** Open until the transcript is released; later reads open it for themselves. */
  #file: number | undefined
  readonly #cast: CastWriter
  readonly #timer: NodeJS.Timeout
  readonly #waiters = new Set<() => void>()
  readonly #arrivals = new Arrivals()
  /** When the last look was, in milliseconds since power-on. */
  #looked = 0
  /** When it was last seen that the disk has room, likewise. */
  #checkedDisk = 0
  #size = 0
  #end: TranscriptEnd | undefined
  /** By which its silence is measured, and when the last byte came by it. */
  #time: () => number
  #heardAt = 0

  /**
   * @param path The file that the console's bytes are appended to. It exists.
   * @param title Of the timed copy.
   * @param now Milliseconds since the target was switched on.
   * @param marker Said of what the file holds already, as it came before power-on.
   */
  constructor(path: string, title: string, now: () => number, marker?: string) {
    this.path = path
    this.castPath = path.replace(/\.out$/, '.cast')
    this.#now = now
    this.#time = now
    this.#file = fs.openSync(path, 'r')
    // QEMU drops what it cannot write and says nothing; our own file beside it tells us.
    this.#cast = new CastWriter(this.castPath, title, this, this.#arrivals, ({ message }) => {
      this.#finish({ what: `the console can no longer be recorded (${message})`, culprit: 'host' })
    })
    if (marker !== undefined) {
      this.#size = fs.fstatSync(this.#file).size
      if (this.#size > 0) this.#arrivals.note(0, 0, 0)
      this.#cast.mark(0, marker)
    }
    this.#timer = setInterval(() => this.#look(), pollInterval)
  }

  /** Bytes seen so far. */
  get size(): number {
    return this.#size
  }

  /** Set once no further byte can come. */
  get end(): TranscriptEnd | undefined {
    return this.#end
  }

  /** Milliseconds since the last byte came; since power-on when none did. */
  get silence(): number {
    // What came since the last look must not pass for silence.
    if (this.#end === undefined) this.#look()
    return this.#time() - this.#heardAt
  }

  /** Milliseconds on the clock by which its silence is measured. */
  get time(): number {
    return this.#time()
  }

  /** Measures its silence by another clock from now on: a guest that cannot run is not silent. */
  measureSilence(time: () => number): void {
    this.#heardAt = time() - this.silence
    this.#time = time
  }

  /** At most 64 KiB from a byte offset on; empty when nothing is there yet. */
  read(offset: number): Buffer {
    return Buffer.from(this.#view(offset))
  }

  /** What `read` gives, one character a byte (Latin-1). */
  text(offset: number): string {
    return this.#view(offset).toString('latin1')
  }

  /** When the byte at an offset was seen, in milliseconds since power-on. */
  arrivalOf(offset: number): number {
    return this.arrivalAt(offset).latest
  }

  /** Between which moments the byte at an offset came. */
  arrivalAt(offset: number): Arrival {
    return this.#arrivals.at(offset)
  }

  /**
   * Waits until there are bytes beyond `size` or none can come any more.
   * Resolves to false when `quiet` milliseconds of its clock (by default: any time) pass without either.
   */
  async growth(
    size: number,
    options: { readonly quiet?: number; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<boolean> {
    options.signal?.throwIfAborted()
    if (this.#size > size || this.#end !== undefined) return true
    return await new Promise<boolean>((resolve, reject) => {
      const settle = (action: () => void) => {
        clearTimeout(timer)
        this.#waiters.delete(onGrowth)
        options.signal?.removeEventListener('abort', onAbort)
        action()
      }
      const onGrowth = () => settle(() => resolve(true))
      const { quiet = Infinity } = options
      const over = this.#time() + quiet
      let timer: NodeJS.Timeout | undefined
      const onSilence = () => {
        const left = over - this.#time()
        if (left > 0) {
          timer = setTimeout(onSilence, Math.ceil(left))
          return
        }
        // Timers come late, and which of two late ones comes first is chance.
        if (this.#end === undefined) this.#look()
        settle(() => resolve(false))
      }
      const onAbort = () => settle(() => reject(options.signal!.reason as Error))
      if (quiet < Infinity) timer = setTimeout(onSilence, Math.ceil(quiet))
      this.#waiters.add(onGrowth)
      options.signal?.addEventListener('abort', onAbort)
    })
  }

  /** Records keys that were sent to the guest. */
  typed(text: string): void {
    this.#cast.typed(this.#now(), text)
  }

  /** Takes in what has come, and sets a marker behind it. */
  mark(text: string): void {
    if (this.#end === undefined) this.#look()
    this.#cast.mark(this.#now(), text)
  }

  /** Takes in the last bytes and ends every wait: the writer is gone. */
  async close(end: TranscriptEnd): Promise<void> {
    if (this.#end === undefined) this.#look()
    this.#finish(end)
    await this.#cast.close()
    if (this.#file !== undefined) fs.closeSync(this.#file)
    this.#file = undefined
  }

  /** The bytes from an offset on, in a buffer that the next call uses again. */
  #view(offset: number): Buffer {
    const length = Math.max(0, Math.min(readSize, this.#size - offset))
    if (length === 0) return scratch.subarray(0, 0)
    const file = this.#file ?? fs.openSync(this.path, 'r')
    try {
      return scratch.subarray(0, fs.readSync(file, scratch, 0, length, offset))
    } finally {
      if (this.#file === undefined) fs.closeSync(file)
    }
  }

  #finish(end: TranscriptEnd): void {
    clearInterval(this.#timer)
    this.#end ??= end
    this.#wake()
  }

  #look(): void {
    if (this.#file === undefined) return
    const { size } = fs.fstatSync(this.#file)
    const before = this.#looked
    this.#looked = this.#now()
    if (size <= this.#size) {
      this.#checkDisk()
      return
    }
    // The clock begins anew at power-on.
    this.#arrivals.note(this.#size, Math.min(before, this.#looked), this.#looked)
    this.#heardAt = this.#time()
    this.#size = size
    this.#cast.advance()
    this.#wake()
  }

  /** QEMU may have got the last block, and drops from then on; our copy has nothing to fail with. */
  #checkDisk(): void {
    const since = Math.max(this.#arrivals.last, this.#checkedDisk)
    if (this.#looked - since < diskInterval) return
    this.#checkedDisk = this.#looked
    if (isFull(this.path)) {
      const what = 'the console can no longer be recorded (no space is left on the device)'
      this.#finish({ what, culprit: 'host' })
    }
  }

  #wake(): void {
    for (const waiter of [...this.#waiters]) waiter()
  }
}

const isFull = (file: string): boolean => {
  try {
    const { blocks, bfree, bavail } = fs.statfsSync(file)
    // The superuser may have the reserved blocks; some file systems count none at all.
    return blocks > 0 && (process.getuid?.() === 0 ? bfree : bavail) === 0
  } catch {
    return false
  }
}
