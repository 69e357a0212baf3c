// ECMA-48 escape sequences: operating system commands, control sequences, and the shorter ones. One
// that the text ends in the middle of goes too: the plain text of a beginning must be a beginning of
// the whole plain text.
const escapeSequence =
  /\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\|\x1b?$)|\[[0-?]*[ -/]*(?:[@-~]|$)|[ -/]+(?:[0-~]|$)|[0-~]|$)/g

/**
 * What a line says, without how it looks: carriage returns and escape sequences removed.
 *
 * L4 programs end lines with LF CR, GRUB with CR LF; with every CR dropped and the text split at LF
 * both read the same.
 */
export const plainText = (text: string): string =>
  text.replaceAll('\r', '').replaceAll(escapeSequence, '')

/** Control characters made visible (`␍`, `␛`, …), so that a failure shows what really came. */
export const visibleText = (text: string): string =>
  text.replaceAll(/[\x00-\x1f\x7f]/g, (character) =>
    String.fromCodePoint(character === '\x7f' ? 0x2421 : 0x2400 + character.charCodeAt(0)),
  )

/** What a line of JSON holds; nothing where it is half a line, as a writer leaves that still writes or was killed. */
export const jsonOfLine = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** The bytes of a text's UTF-8, one character each, as text that is kept byte by byte has them. */
export const utf8AsBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** Text of one character a byte, for people: read as UTF-8 if it is that, else as Latin-1. */
export const readableText = (bytes: string): string => {
  if (/[^\x00-\xff]/.test(bytes)) return bytes
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(bytes, 'latin1'),
    )
  } catch {
    return bytes
  }
}

/** A title for a terminal's line: whatever its bytes are, they do nothing there. */
export const shownTitle = (title: string): string => {
  const characters = Array.from(visibleText(readableText(title)))
  const short =
    characters.length > longestTitle ? [...characters.slice(0, longestTitle - 1), '…'] : characters
  // Control characters of eight bits, and those that turn the direction of writing.
  return short.join('').replaceAll(/[\x80-\x9f\u2028-\u202e\u2066-\u2069]/g, '\ufffd')
}

const longestTitle = 60

/** A text in lines of a width, broken at blanks; a longer word has a line of its own. */
export const wrapped = (text: string, width: number): string[] => {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** A line whose tabulators are blanks, as a terminal shows it. */
export const withoutTabs = (line: string): string =>
  line.split('\t').reduce((before, part) => before.padEnd((before.length & ~7) + 8) + part)

/** `0x00400812`; negative addresses are the upper half of 64 bits. */
export const addressDigits = (address: number, leastDigits = 8): string =>
  `0x${BigInt.asUintN(64, BigInt(address)).toString(16).padStart(leastDigits, '0')}`

/** `1.23 s`, or `45 ms` below a tenth of a second. */
export const formatDuration = (milliseconds: number): string =>
  milliseconds < 100 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`

/** `812 B`, `29.0 KiB`, `2.4 MiB`. */
export const formatSize = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} B`
  const kibibytes = bytes / 1024
  return kibibytes < 1024 ? `${kibibytes.toFixed(1)} KiB` : `${(kibibytes / 1024).toFixed(1)} MiB`
}

/** A difference with its sign: `+1.00`, `-3`; one that rounds to nothing is `+0.00`. */
export const signed = (number: number | string): string =>
  Number(number) < 0 ? `${number}` : `+${`${number}`.replace('-', '')}`
