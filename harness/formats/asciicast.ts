/** Output, input, or a marker. */
export type CastKind = 'o' | 'i' | 'm'

/** One event of an asciicast v2 recording: seconds since power-on, kind, text. */
export type CastEvent = readonly [seconds: number, kind: CastKind, text: string]

/** First line of an asciicast v2 file (https://docs.asciinema.org/manual/asciicast/v2/). */
export const castHeader = (title: string): string =>
  `${JSON.stringify({ version: 2, width: 80, height: 25, title })}\n`

/** One line of an asciicast v2 file. Console bytes are shown as Latin-1, one character each. */
export const castEvent = (milliseconds: number, kind: CastKind, text: string): string => {
  const event: CastEvent = [Math.round(milliseconds) / 1000, kind, text]
  return `${JSON.stringify(event)}\n`
}

/** What a whole screen begins with in a recording. */
export const screenCleared = '\x1b[H\x1b[2J'

/** The rows of a whole screen in a recording. */
export const screenRows = (data: string): string[] => data.replace(screenCleared, '').split('\r\n')

const unwatched = 'not looked at since '

/** A marker: nobody looked between two moments, so the output behind it may have come at any time between. */
export const unwatchedMarker = (earliest: number, latest: number): string =>
  castEvent(latest, 'm', `${unwatched}${(earliest / 1000).toFixed(3)}`)

/** The earlier moment of such a marker, in milliseconds; nothing for another marker. */
export const unwatchedSince = (text: string): number | undefined => {
  if (!text.startsWith(unwatched)) return undefined
  const seconds = Number(text.slice(unwatched.length))
  return seconds >= 0 && seconds <= 1e9 ? seconds * 1000 : undefined
}
