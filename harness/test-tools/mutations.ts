/** A damaged copy of a value, and what was done to it. */
export interface Mutation {
  readonly title: string
  readonly value: unknown
}

const replacements: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a number', 1],
  ['a negative number', -1],
  ['a huge number', 1e308],
  ['text', 'text'],
  ['a path outside', '../../../etc/passwd'],
  ['an escape sequence', '\u001B]52;c;aGk=\u0007'],
  ['true', true],
  ['an empty list', []],
  ['a list of null', [null]],
  ['an empty object', {}],
  ['a large list', Array.from({ length: 10_000 }, () => null)],
]

/** Damages a JSON value in each of its parts: drops it, gives it another type, another value or a new neighbour. */
export const mutationsOf = function* (value: unknown, at = 'the whole'): Generator<Mutation> {
  for (const [title, other] of replacements) yield { title: `${at}: ${title}`, value: other }
  if (typeof value !== 'object' || value === null) return
  for (const key of Object.keys(value)) {
    const put = (part: unknown) =>
      Array.isArray(value) ? value.with(Number(key), part) : { ...value, [key]: part }
    const part = (value as Readonly<Record<string, unknown>>)[key]
    if (!Array.isArray(value)) yield { title: `${at}.${key}: dropped`, value: put(undefined) }
    for (const inner of mutationsOf(part, `${at}.${key}`))
      yield { title: inner.title, value: put(inner.value) }
  }
  if (!Array.isArray(value)) yield { title: `${at}: a new field`, value: { ...value, more: 1 } }
}
