import type { Span } from '../span.ts'

/** What is wrong with a piece of a menu, and where. */
export interface MenuProblem extends Span {
  /** One sentence: what was expected, what was found. */
  readonly message: string
  /** The number of the error that GRUB stops with. */
  readonly grubError: number
}

/** What a piece of a menu means, or why it means nothing. */
export type Reading<T> =
  | { readonly value: T; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: MenuProblem }

/** A reading that failed at some place. */
export const malformed = (
  { start, end, line, column }: Span,
  grubError: number,
  message: string,
): { readonly problem: MenuProblem } => ({
  problem: { start, end, line, column, message, grubError },
})

/** GRUB's errors that a menu's text alone brings about (stage2/common.c; the numbers were seen). */
export const grubErrors = {
  badFileName: 1,
  deviceSyntax: 11,
  deviceValues: 12,
  number: 23,
  badArgument: 30,
  overflow: 35,
} as const
