import { printable } from '../core/printable.ts'

/**
 * The sequences of a guest that a terminal may interpret: those that move the cursor, erase, scroll, style, switch modes
 * or ask where the cursor is. No sequence with a string is among them: OSC 52 writes the clipboard, others set titles
 * that a further one types back.
 */
const sequences = [
  // Control sequences without intermediates, and DEC's modes and erasures.
  /\x1b\[(?<parameters>[\d;]{0,32})(?<final>[@A-HIJKLMPSTXZ`abcdefghlmnrsu])/,
  /\x1b\[\?(?<privateModes>[\d;]{0,32})(?<privateFinal>[hlJK])/,
  // Cursor saved and restored, lines, a tab stop, reset, keypad, a character set, the alignment pattern.
  /\x1b(?:[78DEHMc=>]|[()*+](?<set>[AB0-2])|#8)/,
]
const token = new RegExp(`${sequences.map((it) => it.source).join('|')}|[^\\x20-\\x7e]`, 'gu')

/** The beginning of a sequence at the end of what has come. */
const unfinished = /\x1b(?:\[\??[\d;]{0,32}|[()*+#])?$/

/** NUL, BEL, BS, HT, LF, VT, FF, CR, SO and SI. */
const controls = '\0\x07\b\t\n\v\f\r\x0e\x0f'

/** Modes that are set where no guest has changed them: local echo off; line wrap, key repeat and a visible cursor. */
const usuallySet = ['12', '?7', '?8', '?25']

/**
 * Passes a guest's output to a terminal that interprets it, as the view of one console does. Only sequences that draw
 * are let through; every other one is printed visibly. Bytes that are no UTF-8 become U+FFFD.
 */
export class TerminalGuard {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #modes = new Set<string>()
  #hasMargins = false
  #hasSets = false
  #held = ''

  /** Returns what may be written now; the beginning of a sequence is held until the next piece. */
  pass(bytes: Uint8Array): string {
    const text = this.#held + this.#decoder.decode(bytes, { stream: true })
    const end = unfinished.exec(text)?.index ?? text.length
    this.#held = text.slice(end)
    return text.slice(0, end).replaceAll(token, (found, ...rest) => {
      if (found.length > 1 && found.startsWith('\x1b')) {
        this.#note(found, rest.at(-1) as Record<string, string | undefined>)
        return found
      }
      if (found === '\x0e') this.#hasSets = true
      return controls.includes(found) ? found : printable(found)
    })
  }

  /** Returns what ends the output and undoes the modes, margins, character sets and styles that the guest has left. */
  restore(): string {
    const modes = [...this.#modes].map(
      (mode) => `\x1b[${mode}${usuallySet.includes(mode) ? 'h' : 'l'}`,
    )
    return [
      printable(this.#held),
      ...modes,
      // Setting margins moves the cursor.
      this.#hasMargins ? '\x1b7\x1b[r\x1b8' : '',
      this.#hasSets ? '\x1b(B\x1b)B\x1b*B\x1b+B\x0f' : '',
      '\x1b>\x1b[0m',
    ].join('')
  }

  #note(sequence: string, groups: Record<string, string | undefined>): void {
    const { parameters, final, privateModes, privateFinal, set } = groups
    const names = (list: string, prefix: string) => list.split(';').map((it) => prefix + Number(it))
    if (final === 'h' || final === 'l') for (const it of names(parameters!, '')) this.#modes.add(it)
    if (privateFinal === 'h' || privateFinal === 'l')
      for (const it of names(privateModes!, '?')) this.#modes.add(it)
    this.#hasMargins ||= final === 'r'
    this.#hasSets ||= set !== undefined
  }
}
