/** Between which moments a byte came, in milliseconds since power-on. No more is known. */
export interface Arrival {
  /** It was not there yet. */
  readonly earliest: number
  /** It was seen. */
  readonly latest: number
}

/** How many pieces are told apart at most: three numbers each, so under 1 MiB. */
const capacity = 32_768

/**
 * When the bytes of a transcript came, in bounded memory. Each piece has the look that found it and the
 * one before. When there are too many, neighbours become one piece, and the times that it spans double
 * until half of the pieces are left; what comes later is told apart no better.
 */
export class Arrivals {
  readonly #capacity: number
  /** Parallel arrays, since numbers in an array need no objects. Offsets and both times ascend. */
  #offsets: number[] = []
  #earliest: number[] = []
  #latest: number[] = []
  /** Milliseconds within which pieces are one. */
  #grain = 0

  constructor(most = capacity) {
    this.#capacity = most
  }

  /** Milliseconds since power-on at which the last byte was seen; 0 when none was. */
  get last(): number {
    return this.#latest.at(-1) ?? 0
  }

  /** Notes bytes from an offset on, beyond all that were noted before. */
  note(offset: number, earliest: number, latest: number): void {
    const newest = this.#offsets.length - 1
    if (newest >= 0 && latest - this.#earliest[newest]! <= this.#grain) {
      this.#latest[newest] = latest
      return
    }
    this.#offsets.push(offset)
    this.#earliest.push(earliest)
    this.#latest.push(latest)
    while (this.#offsets.length > this.#capacity) this.#thinOut()
  }

  /** When the byte at an offset came. */
  at(offset: number): Arrival {
    const index = this.#indexOf(offset)
    return { earliest: this.#earliest[index] ?? 0, latest: this.#latest[index] ?? 0 }
  }

  /** Where the piece ends that the byte at an offset belongs to; infinite for the last one. */
  endOf(offset: number): number {
    return this.#offsets[this.#indexOf(offset) + 1] ?? Infinity
  }

  #indexOf(offset: number): number {
    let low = 0
    let high = this.#offsets.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.#offsets[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  #thinOut(): void {
    while (this.#offsets.length > this.#capacity / 2) {
      this.#grain = Math.max(1, this.#grain * 2)
      this.#joinNeighbours()
    }
  }

  #joinNeighbours(): void {
    const [offsets, earliest, latest] = [this.#offsets, this.#earliest, this.#latest]
    this.#offsets = []
    this.#earliest = []
    this.#latest = []
    for (const [index, offset] of offsets.entries()) {
      const newest = this.#offsets.length - 1
      const joins = newest >= 0 && latest[index]! - this.#earliest[newest]! <= this.#grain
      if (joins) this.#latest[newest] = latest[index]!
      else {
        this.#offsets.push(offset)
        this.#earliest.push(earliest[index]!)
        this.#latest.push(latest[index]!)
      }
    }
  }
}
