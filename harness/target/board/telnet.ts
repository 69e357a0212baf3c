/** Codes of RFC 854, and of its options. */
const iac = 255
const codes = { se: 240, sb: 250, will: 251, wont: 252, do: 253, dont: 254 } as const
export const telnetOptions = { binary: 0, suppressGoAhead: 3, comPort: 44 } as const

/** What a telnet server says besides bytes. */
export type TelnetWord =
  | { readonly verb: 'will' | 'wont' | 'do' | 'dont'; readonly option: number }
  | { readonly verb: 'sub'; readonly option: number; readonly bytes: Buffer }

/** Bytes as telnet sends them. */
export const escapeTelnet = (bytes: Buffer): Buffer =>
  bytes.includes(iac)
    ? Buffer.from([...bytes].flatMap((it) => (it === iac ? [iac, iac] : [it])))
    : bytes

export const telnetWord = (verb: 'will' | 'wont' | 'do' | 'dont', option: number): Buffer =>
  Buffer.from([iac, codes[verb], option])

export const telnetSub = (option: number, bytes: readonly number[]): Buffer =>
  Buffer.from([iac, codes.sb, option, ...escapeTelnet(Buffer.from(bytes)), iac, codes.se])

/** Takes a telnet stream apart, wherever it was cut into pieces. */
export class TelnetReader {
  readonly #onBytes: (bytes: Buffer) => void
  readonly #onWord: (word: TelnetWord) => void
  /** Of a command whose end has not come. */
  #rest: Buffer = Buffer.alloc(0)

  constructor(onBytes: (bytes: Buffer) => void, onWord: (word: TelnetWord) => void) {
    this.#onBytes = onBytes
    this.#onWord = onWord
  }

  read(piece: Buffer): void {
    const bytes = Buffer.concat([this.#rest, piece])
    let at = 0
    while (at < bytes.length) {
      const next = bytes.indexOf(iac, at)
      const end = next === -1 ? bytes.length : next
      if (end > at) this.#onBytes(bytes.subarray(at, end))
      at = end
      if (next === -1) break
      const length = this.#command(bytes.subarray(at))
      if (length === undefined) break
      at += length
    }
    this.#rest = Buffer.from(bytes.subarray(at))
  }

  /** Takes one command. Gives its length, or nothing when its end has not come. */
  #command(bytes: Buffer): number | undefined {
    const [, code, option] = bytes
    if (code === undefined) return undefined
    if (code === iac) {
      this.#onBytes(Buffer.from([iac]))
      return 2
    }
    if (code === codes.sb) return this.#sub(bytes)
    const verb = (['will', 'wont', 'do', 'dont'] as const).find((it) => codes[it] === code)
    // The others, such as NOP, have no option and mean nothing here.
    if (verb === undefined) return 2
    if (option === undefined) return undefined
    this.#onWord({ verb, option })
    return 3
  }

  #sub(bytes: Buffer): number | undefined {
    const found: number[] = []
    for (let at = 3; at + 1 < bytes.length; at++) {
      if (bytes[at] !== iac) {
        found.push(bytes[at]!)
        continue
      }
      at++
      if (bytes[at] === codes.se) {
        this.#onWord({ verb: 'sub', option: bytes[2]!, bytes: Buffer.from(found) })
        return at + 1
      }
      found.push(bytes[at]!)
    }
    return undefined
  }
}
