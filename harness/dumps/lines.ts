import { plainText } from '../core/text.ts'

/** A line of a log. */
export interface Line {
  /** As it came, escape sequences included, without carriage returns. */
  readonly raw: string
  /** What it says, without escape sequences and without a prefix that each line of its program has. */
  readonly text: string
}

export type Lines = readonly Line[]

/** No dump has a longer line. A guest that prints one for ever must not cost the readers their time. */
const longest = 4096

/**
 * What the console of a system puts before each line: Xen's `(XEN) `, Linux' level and time, L4Re's name
 * of the task.
 */
const prefix =
  /^(?:\(XEN\) |(?:<\d{1,2}>)?\[ {0,11}\d{1,9}\.\d{6}\] |<\d{1,2}>|[a-z][\w.-]{0,15} {0,15}\| )/

/** Cuts a log into lines; line ends may be LF, CR LF or LF CR. */
export const linesOf = (text: string): Lines =>
  text.split('\n').map((it) => {
    if (it.length > longest) return { raw: '', text: '' }
    const raw = it.replaceAll('\r', '')
    return { raw, text: plainText(raw).replace(prefix, '') }
  })

/**
 * The named groups of a match; a group that took no part is the empty string.
 *
 * @typeParam Name The pattern's groups.
 */
export const match = <Name extends string>(
  pattern: RegExp,
  text: string | undefined,
): Record<Name, string> | undefined => {
  const groups = text === undefined ? undefined : pattern.exec(text)?.groups
  if (groups === undefined) return undefined
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [name, value ?? '']),
  ) as Record<Name, string>
}

/** All matches of a pattern with the flag `g`. */
export const matches = <Name extends string>(
  pattern: RegExp,
  text: string,
): Record<Name, string>[] =>
  [...text.matchAll(pattern)].map(
    ({ groups = {} }) =>
      Object.fromEntries(
        Object.entries(groups).map(([name, value]) => [name, value ?? '']),
      ) as Record<Name, string>,
  )

/** Where a run of lines ends: the line behind it, counted from 0. */
export interface Block {
  readonly end: number
  /** The plain lines, one after the other. */
  readonly text: string
}

/**
 * The lines from `at` on that are all of a dump's form; blank lines belong to it where more of it
 * follows.
 */
export const blockOf = (lines: Lines, at: number, form: RegExp, most = 200): Block => {
  let end = at
  for (let next = at; next < lines.length && next < at + most; next += 1) {
    const text = lines[next]?.text ?? ''
    if (form.test(text)) end = next + 1
    else if (text.trim() !== '') break
  }
  return blockTo(lines, at, end)
}

/** The lines from `at` on to the first that is not of the dump any more. */
export const blockUntil = (lines: Lines, at: number, stop: RegExp, most = 200): Block => {
  let end = at + 1
  for (let next = at + 1; next < lines.length && next < at + most; next += 1) {
    const text = lines[next]?.text ?? ''
    if (stop.test(text)) break
    if (text.trim() !== '') end = next + 1
  }
  return blockTo(lines, at, end)
}

const blockTo = (lines: Lines, at: number, end: number): Block => ({
  end,
  text: lines
    .slice(at, end)
    .map(({ text }) => text)
    .join('\n'),
})
