import type { Pattern } from '../../console/wait.ts'

/** A faulty menu, and what its boot lets a person see: that a rule foretells what happens. */
export interface Proof {
  readonly rule: string
  readonly menu: string
  /** In this order. */
  readonly sees: readonly Sight[]
  /** Mebibytes of memory; 64 otherwise. */
  readonly memory?: number
  /** Title to be picked in GRUB's menu. */
  readonly pick?: string
}

/** Something that a person sees of a boot, the loader's words included. */
export type Sight =
  | { readonly kind: 'com1' | 'vga'; readonly text: Pattern }
  /** Nothing further on COM1, for this many milliseconds. */
  | { readonly kind: 'silence'; readonly for: number }
  /** Nothing on COM1 since the machine was switched on. */
  | { readonly kind: 'never-a-word' }

/** A line on COM1. */
export const prints = (text: Pattern): Sight => ({ kind: 'com1', text })

/** A row on the VGA's screen. */
export const shows = (text: Pattern): Sight => ({ kind: 'vga', text })

export const thenNothing: Sight = { kind: 'silence', for: 300 }
export const neverAWord: Sight = { kind: 'never-a-word' }
