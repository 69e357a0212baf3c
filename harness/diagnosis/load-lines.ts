import { plainText } from '../core/text.ts'
import { isElfDefect, parseElf } from '../formats/elf.ts'

/** A module as kickstart says that it loads it. Addresses are physical, ends are the byte behind. */
export interface LoadedModule {
  readonly role: 'kernel' | 'sigma0' | 'root task'
  /** Of its file, in bytes. */
  readonly size: number
  readonly entry: number
  readonly segments: readonly { readonly low: number; readonly high: number }[]
}

const roles = { kernel: 'kernel', sigma0: 'sigma0', roottask: 'root task' } as const
const label =
  /^ (?<role>kernel|sigma0|roottask) +\(0x(?<low>[0-9a-f]{8})-0x(?<high>[0-9a-f]{8})\) +=> 0x(?<entry>[0-9a-f]{8})/
const part =
  /^ {1,4}\(0x[0-9a-f]{8}-0x[0-9a-f]{8}\) -> 0x(?<low>[0-9a-f]{8})-0x(?<high>[0-9a-f]{8})/

/** What kickstart said of its last boot in a log; nothing where the log has no such lines. */
export const loadedModules = (lines: readonly string[]): readonly LoadedModule[] => {
  let modules: { -readonly [K in keyof LoadedModule]: LoadedModule[K] }[] = []
  for (const line of lines) {
    if (line.startsWith('KickStart ')) modules = []
    const head = label.exec(line)?.groups
    if (head !== undefined) {
      const { role, low, high, entry } = head as Record<string, string>
      const size = number(high!) - number(low!)
      modules.push({
        role: roles[role as keyof typeof roles],
        size,
        entry: number(entry!),
        segments: [],
      })
      continue
    }
    const segment = part.exec(line)?.groups
    const last = modules.at(-1)
    if (segment === undefined || last === undefined) continue
    last.segments = [
      ...last.segments,
      { low: number(segment['low']!), high: number(segment['high']!) },
    ]
  }
  return modules
}

/**
 * Whether a file may be the one that kickstart loaded: its entry and its segments agree. Its size may not,
 * where one of the two is stripped.
 */
export const isLoadedFrom = (module: LoadedModule, bytes: Buffer): boolean => {
  const elf = parseElf(bytes)
  if (isElfDefect(elf) || elf.entry !== module.entry) return false
  return module.segments.every(({ low, high }) =>
    elf.segments.some((it) => it.physical === low && it.physical + it.memorySize === high),
  )
}

/** The base names of the files that GRUB says it loads, in its echoes of a menu's lines. */
export const namedByLoader = (lines: readonly string[]): readonly string[] => {
  const echo = /^ *(?:kernel|module) +(?:\([^)]{1,20}\))?(?<path>\/\S{1,200})/
  const paths = lines.flatMap((line) => echo.exec(line)?.groups?.['path'] ?? [])
  return [...new Set(paths.map((it) => it.slice(it.lastIndexOf('/') + 1)))]
}

/** A log's lines without escape sequences. */
export const plainLines = (text: string): readonly string[] => text.split('\n').map(plainText)

const number = (digits: string): number => Number.parseInt(digits, 16)
