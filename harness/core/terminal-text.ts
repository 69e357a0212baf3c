import { printable } from './printable.ts'

/** SGR parameters of bold, dim, inverse and the colours, as `styleText` and vitest write them, with what ends each. */
const styles: Readonly<Record<string, string>> = {
  ...{ 1: '22', 2: '22', 7: '27' },
  ...{ 31: '39', 32: '39', 33: '39', 34: '39', 35: '39', 36: '39', 90: '39' },
}

const ownSequence = /\x1b\[(\d\d?)m/g

/**
 * Makes text safe to print as `printable` does, but keeps the sequences of bold, dim, inverse and colours that this
 * program itself prints. A style that the text does not end is ended after it, so that foreign text cannot colour what follows.
 *
 * A second call changes nothing.
 */
export const terminalText = (text: string): string => {
  const open = new Set<string>()
  let result = ''
  let at = 0
  for (const { 0: sequence, 1: parameter = '', index } of text.matchAll(ownSequence)) {
    const ending = styles[parameter]
    const isEnding = Object.values(styles).includes(parameter)
    if (ending === undefined && !isEnding) continue
    result += printable(text.slice(at, index)) + sequence
    at = index + sequence.length
    if (ending === undefined) open.delete(parameter)
    else open.add(ending)
  }
  result += printable(text.slice(at))
  return open.size === 0 ? result : withEndings(result, open)
}

/** Ends styles before the newline that ends the text, where `styleText` would end them. */
const withEndings = (text: string, open: ReadonlySet<string>): string => {
  const endings = [...open].map((it) => `\x1b[${it}m`).join('')
  return text.endsWith('\n') ? `${text.slice(0, -1)}${endings}\n` : `${text}${endings}`
}

const unescaped = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Returns a value as JSON in which the characters that `printable` replaces are `\u` escapes. */
export const printableJson = (value: unknown, indent?: number): string =>
  // JSON.stringify escapes C0 controls and lone surrogates itself.
  JSON.stringify(value, null, indent).replaceAll(
    unescaped,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
