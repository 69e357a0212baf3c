import { BootstandError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { elfSymbols } from '../formats/elf-symbols.ts'
import { demangled } from '../host/demangle.ts'
import type { BootedFile } from './address-map.ts'

/** Where a routine or a variable of a booted file lies. */
export interface SymbolAddress {
  readonly image: string
  /** As people write it. */
  readonly name: string
  /** Virtual. */
  readonly address: number
}

/** The routines and variables of the files that were booted. */
export const symbolAddresses = async (
  files: readonly BootedFile[],
): Promise<readonly SymbolAddress[]> => {
  const symbols = files.flatMap(({ name: image, bytes }) =>
    elfSymbols(bytes, { variables: true }).map(({ name, address }) => ({ image, name, address })),
  )
  const readable = await demangled(symbols.map(({ name }) => name))
  return symbols.map((it, index) => ({ ...it, name: readable[index]! }))
}

/**
 * The addresses that somebody means by `0x400812`, `400812`, `main`, `main+0x12` or `pingpong:main`: more than
 * one where several files have such a symbol.
 *
 * @throws {BootstandError} when there is none.
 */
export const addressesOf = (word: string, symbols: readonly SymbolAddress[]): readonly number[] => {
  const { base, offset = '0' } = /^(?<base>.+?)(?:\+0x(?<offset>[0-9a-f]{1,8}))?$/i.exec(word)!
    .groups as { base: string; offset?: string }
  const meant = symbols.filter(({ image, name }) => name === base || `${image}:${name}` === base)
  const digits = /^(?:0x)?(?<digits>[0-9a-f]{1,8})$/i.exec(base)?.groups?.['digits']
  const found =
    meant.length === 0 && digits !== undefined
      ? [Number.parseInt(digits, 16)]
      : meant.map(({ address }) => address)
  if (found.length > 0) {
    const behind = Number.parseInt(offset, 16)
    return [...new Set(found.map((it) => (it + behind) >>> 0))]
  }
  throw new BootstandError(
    'BOOTSTAND_ADDRESS',
    'usage',
    `Expected an address in hexadecimal digits or a symbol of a booted file, found "${word}".${didYouMean(
      base,
      symbols.map(({ name }) => name),
    )}`,
  )
}
