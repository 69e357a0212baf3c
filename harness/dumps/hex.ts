/**
 * A number in the hexadecimal digits that were printed, leading zeros included. Exact at 64 bits too, and
 * fit for JSON; `Number` and `BigInt` read it.
 */
export type Hex = `0x${string}`

/** @param digits Without `0x`. */
export const hex = (digits: string): Hex => `0x${digits.toLowerCase()}`

/** An address of 32 bits. */
export const hexOf = (value: number): Hex => `0x${value.toString(16).padStart(8, '0')}`

/** Nothing for no digits. */
export const hexIf = (digits: string | undefined): Hex | undefined =>
  digits === undefined || digits === '' ? undefined : hex(digits)

/** A decimal number; nothing for no digits. */
export const numberIf = (digits: string | undefined): number | undefined =>
  digits === undefined || digits === '' ? undefined : Number(digits)
