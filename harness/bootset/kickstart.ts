import { BootstandError } from '../core/errors.ts'

/**
 * Options of L4Ka's kickstart, for the `kernel` line (user/util/kickstart/mbi-loader.cc). A size is
 * a decimal number with `K`, `M`, `G` or nothing behind it.
 */
export interface KickstartOptions {
  /** Memory that the kernel keeps for itself; 16M by default. */
  readonly kmem?: string
  /** Memory of the machine that is used at most. */
  readonly maxmem?: string
  /** Whether the generic boot information is written. */
  readonly bootinfo?: boolean
  /** Whether the multiboot information is passed on. */
  readonly mbi?: boolean
  /** Whether all modules are looked at as executables, not only the first three. */
  readonly decodeAll?: boolean
}

/** The options as kickstart reads them, such as `kmem=40M mbi=yes`. */
export const kickstartArguments = (options: KickstartOptions): string =>
  [
    ...size('kmem', options.kmem),
    ...size('maxmem', options.maxmem),
    ...flag('bootinfo', options.bootinfo),
    ...flag('mbi', options.mbi),
    ...flag('decode-all', options.decodeAll),
  ].join(' ')

const size = (name: string, value: string | undefined): string[] => {
  if (value === undefined) return []
  // Kickstart reads the digits and looks at one letter; anything else it takes for bytes, silently.
  if (/^[0-9]+[KMG]?$/.test(value)) return [`${name}=${value}`]
  throw new BootstandError(
    'BOOTSTAND_KICKSTART',
    'bootset',
    `Expected ${name} as a decimal number with K, M, G or nothing behind it, found "${value}".`,
  )
}

const flag = (name: string, value: boolean | undefined): string[] =>
  value === undefined ? [] : [`${name}=${value ? 'yes' : 'no'}`]
