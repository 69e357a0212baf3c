import { stripVTControlCharacters, styleText } from 'node:util'

const colours = ['cyan', 'yellow', 'magenta', 'green', 'blue'] as const

/** Shows several consoles on one terminal, line by line, each line behind its console's name. */
export class ConsoleView {
  readonly #out: NodeJS.WritableStream
  readonly #prefixes: ReadonlyMap<string, string>
  readonly #unfinished = new Map<string, string>()
  /** Whose line the cursor stands in, unless it stands at a line's beginning. */
  #current: string | undefined

  constructor(out: NodeJS.WritableStream, roles: readonly string[]) {
    this.#out = out
    const width = Math.max(...roles.map((role) => role.length))
    this.#prefixes = new Map(
      roles.map((role, index) => {
        const text = `${role.padEnd(width)} | `
        return [role, styleText(colours[index % colours.length]!, text, { stream: out })]
      }),
    )
  }

  /** Takes what a console has printed; what ends no line yet waits for `settle`. */
  print(role: string, bytes: Buffer): void {
    const text = (this.#unfinished.get(role) ?? '') + bytes.toString('latin1')
    const end = text.lastIndexOf('\n') + 1
    const lines = text.slice(0, end).split('\n').slice(0, -1)
    for (const line of lines) this.#write(role, `${shown(line)}\n`)
    this.#unfinished.set(role, text.slice(end))
  }

  /** Shows a line without an end, such as a prompt: nothing has come for a moment. */
  settle(role: string): void {
    const text = this.#unfinished.get(role)
    if (text === undefined || shown(text) === '') return
    this.#write(role, shown(text))
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
    this.#out.write(isContinued ? text : `${this.#prefixes.get(role)}${text}`)
    this.#current = text.endsWith('\n') ? undefined : role
  }
}

/** Cursor moves of one console would overwrite another's lines. */
const shown = (line: string): string => stripVTControlCharacters(line).replaceAll('\r', '')
