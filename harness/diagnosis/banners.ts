import { plainText } from '../core/text.ts'

/** What a loader or a kernel says of itself when it starts. What it does not say is absent. */
export interface Banner {
  readonly part: 'loader' | 'kernel'
  readonly name: string
  readonly version?: string
  /** When it was built, as printed. */
  readonly built?: string
  readonly compiler?: string
}

interface KnownBanner {
  readonly part: Banner['part']
  /** Tried on plain text. Without a group `name`, it is `name`. */
  readonly pattern: RegExp
  readonly name?: string
}

/** As fixtures/recordings has them. Who built it, and where, is nobody's business. */
const known: readonly KnownBanner[] = [
  { part: 'loader', name: 'KickStart', pattern: /^KickStart (?<version>\d\S{0,40})/m },
  {
    part: 'kernel',
    pattern:
      /^(?<name>L4Ka::Pistachio(?: [^\n]{0,40}?)?) - built on (?<built>[^\n]{1,40}?) by \S{0,99} using (?<compiler>[^\n]{1,99}?) *$/m,
  },
  {
    part: 'kernel',
    pattern:
      /^(?<name>L4[^\n]{0,20}? [Mm]icrokernel) on \S{1,20}\nRev: (?<version>\S{1,60}) compiled with (?<compiler>[^\n]{1,60}?) for [^\n]{0,60}\nBuild: #\d+ (?<built>[^\n]{1,60})$/m,
  },
  {
    part: 'kernel',
    name: 'Xen',
    pattern:
      /^\(XEN\) Xen version (?<version>[\d.]{1,20} \([^)\n]{0,80}\)|[\d.]{1,20}) \([^)\n]{0,99}\) \((?<compiler>[^\n]{1,99})\) debug=\w+ (?<built>[^\n]{1,60})$/m,
  },
  { part: 'kernel', name: 'GNU Mach', pattern: /^GNU Mach (?<version>\d\S{0,60})$/m },
  {
    part: 'kernel',
    name: 'Linux',
    pattern:
      /^(?:\[ *[\d.]{1,20}\] )?Linux version (?<version>\S{1,80}) \([^)\n]{0,99}\) \((?<compiler>[^\n]{1,200}?) ?\) #\d+ (?<built>[^\n]{1,99})$/m,
  },
]

/** The banners in a log, each kind's first, in the order in which they stand there. */
export const bannersIn = (text: string): readonly Banner[] => {
  const plain = plainText(text)
  return known
    .flatMap(({ part, name, pattern }) => {
      const found = pattern.exec(plain)
      if (found === null) return []
      const { built, ...told } = found.groups as Partial<Banner>
      const date = built && { built: built.trim() }
      return [{ index: found.index, banner: { part, name: name!, ...told, ...date } }]
    })
    .toSorted((a, b) => a.index - b.index)
    .map(({ banner }) => banner)
}
