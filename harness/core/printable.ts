// C0 controls but tab and newline, DEL, C1 controls, line and paragraph separators, bidirectional marks, embeddings,
// overrides and isolates, the byte order mark, and lone surrogates.
const unprintable =
  // oxlint-disable-next-line no-misleading-character-class
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu

/**
 * Makes foreign text safe to print on a terminal: each character that could move the cursor, start an escape sequence or
 * reorder text becomes one visible character. Tabs and newlines stay.
 *
 * No character is removed, so the result can never assemble a sequence that the input did not have, and a second
 * call changes nothing.
 */
export const printable = (text: string): string => text.replaceAll(unprintable, visible)

/** C0 controls and DEL have pictures of their own (Unicode, Control Pictures). */
const visible = (character: string): string => {
  const code = character.codePointAt(0)!
  if (code === 0x7f) return '\u2421'
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : '\ufffd'
}
