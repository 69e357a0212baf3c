import { printable } from '../core/printable.ts'
import { plainText, readableText } from '../core/text.ts'
import type { Output } from '../host/output.ts'

/** Bytes of a line that are kept while its end is awaited. */
const longestUnfinished = 65_536

const colours = ['cyan', 'yellow', 'magenta', 'green', 'blue'] as const

/**
 * Shows several consoles on one terminal, line by line, each line after its console's name and without escape
 * sequences: cursor moves of one console would overwrite another's lines.
 */
export class ConsoleView {
  readonly #out: Pick<Output, 'write' | 'style'>
  readonly #prefixes: ReadonlyMap<string, string>
  /** One character a byte. */
  readonly #unfinished = new Map<string, string>()
  /** Whose line the cursor stands in, unless it stands at a line's beginning. */
  #current: string | undefined

  constructor(out: Pick<Output, 'write' | 'style'>, roles: readonly string[]) {
    this.#out = out
    const width = Math.max(...roles.map((role) => role.length))
    this.#prefixes = new Map(
      roles.map((role, index) => {
        const text = `${role.padEnd(width)} | `
        return [role, out.style(colours[index % colours.length]!, text)]
      }),
    )
  }

  /** Takes what a console has printed; what ends no line yet waits for `settle`, unless it is long. */
  print(role: string, bytes: Buffer): void {
    const text = (this.#unfinished.get(role) ?? '') + bytes.toString('latin1')
    const end = text.lastIndexOf('\n') + 1
    const lines = text.slice(0, end).split('\n').slice(0, -1)
    for (const line of lines) this.#write(role, `${plainText(line)}\n`)
    this.#unfinished.set(role, text.slice(end))
    if (text.length - end <= longestUnfinished) return
    this.settle(role)
    // Nothing but escape sequences settles nothing.
    this.#unfinished.set(role, '')
  }

  /** Shows a line without an end, such as a prompt: nothing has come for a moment. */
  settle(role: string): void {
    const text = plainText(this.#unfinished.get(role) ?? '')
    if (text === '') return
    this.#write(role, text)
    this.#unfinished.set(role, '')
  }

  /** Leaves the cursor at a line's beginning. */
  close(): void {
    for (const role of this.#prefixes.keys()) this.settle(role)
    if (this.#current !== undefined) this.#out.write('\n')
    this.#current = undefined
  }

  #write(role: string, text: string): void {
    const isContinued = this.#current === role
    if (!isContinued && this.#current !== undefined) this.#out.write('\n')
    const shown = printable(readableText(text))
    this.#out.write(isContinued ? shown : `${this.#prefixes.get(role)}${shown}`)
    this.#current = text.endsWith('\n') ? undefined : role
  }
}
