import { z } from 'zod'
import { nearest } from './nearest.ts'
import { printable } from './printable.ts'

/** Characters of an unknown key that a message shows. */
const longestKey = 60

/** Keys that a message lists. */
const mostKeys = 12

/**
 * A schema of an object that has no other keys. The error of an unknown key names the nearest key of this object, not of
 * the whole file.
 */
export const exactObject = <T extends z.core.$ZodLooseShape>(
  shape: T,
): z.ZodObject<T, z.core.$strict> => {
  const known = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? (issue.keys as readonly string[]).map((key) => unknownKey(key, known)).join('; ')
        : undefined,
  })
}

/** A clause, so that it fits into a sentence of the file. */
const unknownKey = (key: string, known: readonly string[]): string => {
  const text = JSON.stringify(key.slice(0, longestKey))
  const list = known.length > mostKeys || known.length === 0 ? '' : ` (${known.join(', ')})`
  const near = nearest(key, known)
  const hint = near === undefined ? '' : ` (did you mean "${near}"?)`
  return printable(`expected only known keys${list}, found ${text}${hint}`)
}
