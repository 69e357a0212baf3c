/** One event of an asciicast v2 recording: seconds since power-on, direction, text. */
type CastEvent = readonly [seconds: number, direction: 'o' | 'i', text: string]

/** First line of an asciicast v2 file (https://docs.asciinema.org/manual/asciicast/v2/). */
export const castHeader = (title: string): string =>
  `${JSON.stringify({ version: 2, width: 80, height: 25, title })}\n`

/** One line of an asciicast v2 file. `bytes` are shown as Latin-1, one character a byte. */
export const castEvent = (
  milliseconds: number,
  direction: 'o' | 'i',
  bytes: Buffer | string,
): string => {
  const text = typeof bytes === 'string' ? bytes : bytes.toString('latin1')
  const event: CastEvent = [Math.round(milliseconds) / 1000, direction, text]
  return `${JSON.stringify(event)}\n`
}
