import { plainText } from '../core/text.ts'
import type { Dump } from './dumps-in.ts'

// For tests: what a parser says must have been printed.

/** Words for what a text means, and what is computed from it. */
const ours = new Set([
  ...['kind', 'system', 'stop', 'summary', 'decoded', 'at'],
  ...['fault', 'failure', 'trouble', 'by', 'memory'],
])

/** The values of a dump, and the long numbers of its summary, that stand nowhere in the text. */
export const inventedIn = (dump: Dump, text: string): readonly string[] => {
  const { at: _, ...data } = dump
  const numbers = dump.summary.match(/(?<![\w#])(?:0x)?(?=[a-f]*\d)[\da-f]{5,16}(?!\w)/g) ?? []
  return notIn(text, [data, ...numbers])
}

/** Of some data, the values that stand nowhere in a text. */
export const notIn = (text: string, data: unknown): readonly string[] => {
  const printed = squeeze(text.split('\n').map(plainText).join('\n'))
  return valuesOf(data).filter((it) => !stands(printed, it))
}

const bareDigits = (text: string): string => text.replace(/^0x(?=[0-9a-f]+$)/, '')

/** A number must stand alone: not as some digits of another one. */
const stands = (printed: string, value: string): boolean => {
  const wanted = squeeze(value)
  if (/^\d+$/.test(wanted)) return new RegExp(`(?<!\\d)0*${wanted}(?!\\d)`).test(printed)
  if (/^[\da-f]{5,16}$/.test(wanted))
    return new RegExp(`(?<![\\da-f])${wanted}(?![\\da-f])`).test(printed)
  return printed.includes(wanted)
}

const squeeze = (text: string): string => text.replaceAll(/\s+/g, ' ').toLowerCase()

const valuesOf = (value: unknown): string[] => {
  if (typeof value === 'string') return value.split('\n').map(bareDigits)
  if (typeof value === 'number') return [String(value)]
  if (Array.isArray(value)) return value.flatMap(valuesOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, it]) =>
    ours.has(name) && !isData(it)
      ? []
      : name === 'decoded' || name === 'summary'
        ? []
        : valuesOf(it),
  )
}

/** `fault` is also a debugger entry's whole fault, `memory` also a list. */
const isData = (value: unknown): boolean => typeof value === 'object' && value !== null
