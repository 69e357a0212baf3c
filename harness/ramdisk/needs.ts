import { elfNeeds, type ElfNeeds } from '../formats/elf-needs.ts'
import { realPath, type RamdiskEntry, type RamdiskTree } from './tree.ts'

/** Something without which a program does not start. */
export interface Need {
  /** As the program names it, such as `libc.so.6` or `/bin/sh`. */
  readonly name: string
  /** Where it may lie, from the root; the first that fits is taken. */
  readonly places: readonly string[]
  /** Whether a file's bytes can be it: a library must be for the same processor. */
  readonly fits: (bytes: Buffer) => boolean
}

/** Debian's folders for a processor, and those of older systems and of its 32-bit libraries on 64 bits. */
const folders: Readonly<Record<string, readonly string[]>> = {
  '32/3': ['lib/i386-linux-gnu', 'usr/lib/i386-linux-gnu', 'lib', 'usr/lib', 'lib32', 'usr/lib32'],
  '64/62': [
    'lib/x86_64-linux-gnu',
    'usr/lib/x86_64-linux-gnu',
    'lib',
    'usr/lib',
    'lib64',
    'usr/lib64',
  ],
}

/** What a file needs before it runs: a script its interpreter, a program its dynamic linker and libraries. */
export const needsOf = (bytes: Buffer): Need[] => {
  const script = /^#![ \t]*([^\s]+)/.exec(bytes.toString('latin1', 0, 256))?.[1]
  if (script !== undefined) return [{ name: script, places: [unrooted(script)], fits: () => true }]
  const elf = elfNeeds(bytes)
  if (elf === undefined) return []
  const fits = (other: Buffer) => isSameKind(elf, elfNeeds(other))
  const linker = elf.interpreter
  return [
    ...(linker === undefined ? [] : [{ name: linker, places: [unrooted(linker)], fits }]),
    ...elf.libraries.map((name) => ({ name, places: placesOf(name, elf), fits })),
  ]
}

const isSameKind = (a: ElfNeeds, b: ElfNeeds | undefined): boolean =>
  b !== undefined && a.bits === b.bits && a.machine === b.machine

const unrooted = (path: string): string => path.replace(/^\/+/, '')

const placesOf = (name: string, { bits, machine }: ElfNeeds): string[] =>
  name.includes('/')
    ? [unrooted(name)]
    : (folders[`${bits}/${machine}`] ?? ['lib', 'usr/lib']).map((folder) => `${folder}/${name}`)

/** Finds what satisfies a need among the files of a tree. */
export const satisfier = async <Entry extends RamdiskEntry>(
  need: Need,
  tree: RamdiskTree<Entry>,
  read: (entry: Entry) => Buffer | Promise<Buffer>,
): Promise<Entry | undefined> => {
  for (const place of need.places) {
    const entry = tree.get(realPath(tree, place) ?? '')
    if (entry?.type === 'file' && need.fits(await read(entry))) return entry
  }
  return undefined
}
