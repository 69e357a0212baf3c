/**
 * What GRUB Legacy, SeaBIOS and iPXE print on a serial line before anything else. Source: GRUB 0.97's
 * stage2/stage2.c, recorded in fixtures/recordings/grub-legacy.
 */
const loaderBanners = [
  /GNU GRUB\s+version/,
  /Booting '/,
  /SeaBIOS \(version/,
  /iPXE \S+ -- Open Source/,
]

/** Pieces that a screen is set up with before a banner: they belong to it. */
const lead = /(?:\s|\x1b\[[\d;?]*[A-Za-z])*$/

/** Bytes in which a banner is looked for; what is older was of another boot. */
const longest = 16_384

/** How the boot that was asked for makes itself known on COM1. */
export interface BootMarks {
  /** What the board itself prints first, where its description says it. */
  readonly banner?: RegExp | undefined
  /** The first line of what is booted. */
  readonly begins?: RegExp | undefined
}

/** A piece of what came, as it counts. */
export interface Sifted {
  /** Of another boot, or noise. */
  readonly stale: string
  readonly own: string
  /** The line by which the machine began to boot once more. */
  readonly again?: string
}

/**
 * Tells the bytes of one boot from what the last one left in the line, and from those of the next, when a
 * guest has reset its machine. One character a byte (Latin-1).
 */
export class OwnBoot {
  readonly #starts: readonly RegExp[]
  readonly #begins: RegExp | undefined
  #state: 'waits' | 'loads' | 'runs' | 'over' = 'waits'
  /** Waiting for a banner; later the line that is not finished. */
  #pending = ''

  constructor({ banner, begins }: BootMarks) {
    // Noise may stand before it on its line.
    const anywhere = begins && new RegExp(begins.source.replace(/^\^/, ''), begins.flags)
    this.#starts = [banner, ...loaderBanners, anywhere].filter((it) => it !== undefined)
    this.#begins = begins
  }

  /** Whether anything of this boot has come. */
  get hasBegun(): boolean {
    return this.#state !== 'waits'
  }

  sift(text: string): Sifted {
    if (this.#state === 'over') return { stale: text, own: '' }
    if (this.#state !== 'waits') return this.#follow(text)
    this.#pending += text
    const at = Math.min(...this.#starts.map((it) => indexOf(this.#pending, it)))
    if (at === Infinity) {
      const stale = this.#pending.slice(0, -longest)
      this.#pending = this.#pending.slice(-longest)
      return { stale, own: '' }
    }
    const start = at - lead.exec(this.#pending.slice(0, at))![0].length
    const [stale, own] = [this.#pending.slice(0, start), this.#pending.slice(start)]
    this.#pending = ''
    this.#state = 'loads'
    return { ...this.#follow(own), stale }
  }

  /** What never became a boot of its own. */
  rest(): string {
    return this.#state === 'waits' ? this.#pending : ''
  }

  /** Whoever has no first line of its own cannot be seen to begin again. */
  #follow(text: string): Sifted {
    if (this.#begins === undefined) return { stale: '', own: text }
    const before = this.#pending.length
    const seen = this.#pending + text
    let from = 0
    for (let end = seen.indexOf('\n'); end !== -1; end = seen.indexOf('\n', from)) {
      const line = seen.slice(from, end).replaceAll(/\r|\x1b\[[\d;?]*[A-Za-z]/g, '')
      const begins = this.#begins.test(line)
      if (this.#state === 'runs' && (begins || loaderBanners.some((it) => it.test(line)))) {
        this.#state = 'over'
        const at = Math.max(from, before) - before
        return { stale: text.slice(at), own: text.slice(0, at), again: line.trim() }
      }
      if (begins) this.#state = 'runs'
      from = end + 1
    }
    this.#pending = seen.slice(from).slice(-longest)
    return { stale: '', own: text }
  }
}

const indexOf = (text: string, pattern: RegExp): number => pattern.exec(text)?.index ?? Infinity
