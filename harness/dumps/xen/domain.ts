import { hexIf, numberIf, type Hex } from '../hex.ts'
import { blockOf, match, matches } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** What Xen knows of a domain (its key `q`). */
export interface XenDomain extends Told {
  readonly system: 'xen'
  readonly kind: 'domain'
  readonly domain: number
  readonly references: number | undefined
  readonly dying: number | undefined
  readonly paused: number | undefined
  readonly pages: number | undefined
  readonly processors: readonly {
    readonly vcpu: number
    readonly cpu: number
    /** How often it was paused. */
    readonly paused: number | undefined
    /** Why it does not run; 1 is that it waits for an event. */
    readonly pauseFlags: Hex | undefined
  }[]
}

const heading = /^General information for domain (?<domain>\d{1,5}):$/
const form =
  /^(?: {2,}\S|Rangesets belonging|Memory pages belonging|NODE affinity|VCPU information|No periodic timer|Notifying guest)/

export const readXenDomain: DumpReader<XenDomain> = (lines, at) => {
  const head = match<'domain'>(heading, lines[at]?.text)
  if (head === undefined) return undefined
  const { text, end } = blockOf(lines, at + 1, form, 300)
  const field = (name: string): number | undefined =>
    numberIf(match<'it'>(new RegExp(`^ +.*?\\b${name}=(?<it>\\d+)`, 'm'), text)?.it)
  const processors = matches<'vcpu' | 'cpu' | 'rest'>(
    /^ +VCPU(?<vcpu>\d+): CPU(?<cpu>\d+) (?<rest>.*\n.*)$/gm,
    text,
  ).map(({ vcpu, cpu, rest }) => ({
    vcpu: Number(vcpu),
    cpu: Number(cpu),
    paused: numberIf(match<'it'>(/pause_count=(?<it>\d+)/, rest)?.it),
    pauseFlags: hexIf(match<'it'>(/pause_flags=(?<it>[0-9a-f]+)/, rest)?.it),
  }))
  const dying = field('dying')
  const paused = field('pause_count')
  return {
    dump: {
      system: 'xen',
      kind: 'domain',
      stop: false,
      summary: [
        `domain ${head.domain} with ${processors.length} ${processors.length === 1 ? 'processor' : 'processors'}`,
        dying !== undefined && dying > 0 && 'is dying',
        paused !== undefined && paused > 0 && 'is paused',
      ]
        .filter(Boolean)
        .join(', '),
      domain: Number(head.domain),
      references: field('refcnt'),
      dying,
      paused,
      pages: field('nr_pages'),
      processors,
    },
    end: Math.max(end, at + 1),
  }
}
