import { hex, hexIf, type Hex } from './hex.ts'
import { match } from './lines.ts'

/** A place in code, as a kernel names it. */
export interface CodeAddress {
  readonly address: Hex | undefined
  readonly symbol: string | undefined
  /** Bytes from the symbol's beginning. */
  readonly offset: Hex | undefined
  /** The function's length in bytes. */
  readonly size: Hex | undefined
  /** The Linux module that it belongs to. */
  readonly module: string | undefined
}

/** A step of a call trace. */
export interface CallTraceEntry extends CodeAddress {
  /** Whether the word was found on the stack by chance, perhaps (`?`). */
  readonly unsure: boolean
}

const symbolForm =
  /^(?<symbol>[A-Za-z_.$][\w.$/#-]*)\+(?:0x)?(?<offset>[0-9a-f]+)(?:\/(?:0x)?(?<size>[0-9a-f]+))?(?: \[(?<module>\w+)\])?$/

/** Reads `symbol+0x12/0x34 [module]`, `c0105000` or `0xc0105000`. */
export const codeAddress = (text: string): CodeAddress | undefined => {
  const named = match<'symbol' | 'offset' | 'size' | 'module'>(symbolForm, text)
  const bare = match<'address'>(/^(?:0x)?(?<address>[0-9a-f]{1,16})$/, text)
  if (named === undefined && bare === undefined) return undefined
  return {
    address: hexIf(bare?.address),
    symbol: named?.symbol,
    offset: hexIf(named?.offset),
    size: hexIf(named?.size),
    module: named?.module === '' ? undefined : named?.module,
  }
}

/** An address with the name that stood beside it. */
export const namedAddress = (address: string, name: string): CodeAddress => ({
  ...(codeAddress(name) ?? {
    symbol: undefined,
    offset: undefined,
    size: undefined,
    module: undefined,
  }),
  address: hex(address),
})

/** `panic+0x118`, or the address. */
export const describeAddress = ({ address, symbol, offset }: CodeAddress): string =>
  symbol === undefined ? (address ?? '') : `${symbol}+${offset ?? '0x0'}`
