import path from 'node:path'
import { withArguments } from '../../formats/menu/edit.ts'
import { parseDevice, type DeviceName } from '../../formats/menu/pieces/device.ts'
import type { Word } from '../../formats/menu/span.ts'
import type { CommandStatement } from '../../formats/menu/statement.ts'
import type { Medium, MediumEntry, MediumFile } from '../medium.ts'
import { onceEach } from '../once-each.ts'
import { eachEntry, type Complaint, type Rule } from '../rule.ts'
import type { EntryView, ImageView, Subject } from '../subject.ts'
import { pathHints, type PathHint } from '../path-hint.ts'

/** A line whose file should be on a medium that is known. */
type PlacedImage = ImageView & { readonly path: string; readonly medium: Medium }

const isPlaced = (it: ImageView): it is PlacedImage =>
  it.path !== undefined && it.medium !== undefined

/** The lines of an entry that name a file which the medium does not have. */
const missing = ({ images }: EntryView): PlacedImage[] =>
  images.filter(isPlaced).filter((it) => it.file === undefined)

/** The same file with or without `/boot`, if the medium has that. */
const otherPath = ({ path: name, medium }: PlacedImage): string | undefined => {
  const other = name.startsWith('/boot/') ? name.slice('/boot'.length) : `/boot${name}`
  return medium.find(other) === undefined ? undefined : other
}

const checkMissing: Rule['check'] = ({ entries }) => {
  const hint: PathHint = pathHints()
  return entries
    .flatMap(missing)
    .filter((it) => otherPath(it) === undefined)
    .map((it) => ({
      at: it.image.file!,
      message: `Expected ${it.path} on the medium, found no such file.${hint(it.path, it.medium)}`,
    }))
}

const checkPrefix = (view: EntryView): Complaint[] =>
  missing(view).flatMap((it) => {
    const other = otherPath(it)
    if (other === undefined) return []
    const message = `Expected a path on the medium, found ${it.path}; the file is ${other} there.`
    const text = it.command.arguments.text.replace(it.path, () => other)
    const description = `Name it ${other}.`
    const changes = () => [withArguments(it.command, text)]
    return [{ at: it.image.file!, message, fix: { description, changes } }]
  })

/** The devices that a line names. */
const devicesOf = ({ name, words }: CommandStatement): readonly Word[] => {
  if (name === 'title' || name === 'print' || name === 'pause') return []
  const named = name === 'map' ? words : words.filter((it) => !it.text.startsWith('-')).slice(0, 1)
  return named.filter((it) => it.text.startsWith('('))
}

const prefixes = { floppy: 'fd', 'hard-disk': 'hd', cdrom: 'cd', network: 'nd' } as const

/** As GRUB names it, without a partition. */
const driveName = ({ drive, number }: DeviceName): string | undefined =>
  drive === 'bios' || drive === 'root' ? undefined : `${prefixes[drive]}${number ?? ''}`

const checkDevices = ({ commands }: EntryView, { context }: Subject): Complaint[] => {
  const drives = context.machine?.drives
  if (drives === undefined) return []
  return commands.flatMap(devicesOf).flatMap((at) => {
    const device = parseDevice(at).value
    const name = device === undefined ? undefined : driveName(device)
    if (name === undefined || drives.includes(name)) return []
    return [
      { at, message: `Expected a drive of the machine (${drives.join(', ')}), found ${name}.` },
    ]
  })
}

/** The files of a medium that no entry boots, by their names without folder and `.gz`, the newest first. */
type Unbooted = ReadonlyMap<string, readonly MediumEntry[]>

const unbootedOf = (medium: Medium, booted: ReadonlySet<string>): Unbooted => {
  const unbooted = new Map<string, MediumEntry[]>()
  for (const it of medium.list().toSorted((a, b) => b.modified - a.modified)) {
    if (booted.has(it.path)) continue
    const same = unbooted.get(baseName(it.path))
    if (same === undefined) unbooted.set(baseName(it.path), [it])
    else same.push(it)
  }
  return unbooted
}

/** A newer file that no entry boots: where another entry does, both are meant. */
const newerOf = (file: MediumFile, medium: Medium, unbooted: Unbooted): MediumEntry | undefined =>
  unbooted
    .get(baseName(file.path))
    ?.find((it) => it.modified > file.modified && !medium.find(it.path)?.bytes.equals(file.bytes))

const baseName = (name: string): string => path.posix.basename(name).replace(/\.gz$/, '')

const checkStale: Rule['check'] = ({ entries }) => {
  const booted = entries
    .flatMap(({ kernel, modules }) => [...(kernel === undefined ? [] : [kernel]), ...modules])
    .filter(isPlaced)
  const paths = new Set(booted.map((it) => it.path))
  const newerOn = onceEach((medium: Medium) => {
    const unbooted = unbootedOf(medium, paths)
    return onceEach((file: MediumFile) => newerOf(file, medium, unbooted))
  })
  return booted.flatMap((it) => {
    const newer = it.file === undefined ? undefined : newerOn(it.medium)(it.file)
    if (newer === undefined) return []
    const message = `Expected the newest build, found ${it.path}, which is older than ${newer.path} and differs from it.`
    return [{ at: it.image.file!, message }]
  })
}

export const pathRules: readonly Rule[] = [
  {
    id: 'file-missing',
    severity: 'error',
    trips: 'a file that the medium does not have',
    why: 'GRUB stops with "Error 15: File not found".',
    check: checkMissing,
  },
  {
    id: 'boot-prefix',
    severity: 'error',
    trips: 'a path that is right only with `/boot` before it, or only without',
    why: 'GRUB stops with "Error 15: File not found": paths begin at the partition, which may itself be /boot.',
    fix: 'the path that the medium has',
    fixNeeds: 'entry',
    check: eachEntry(checkPrefix),
  },
  {
    id: 'device-missing',
    severity: 'error',
    trips: 'a drive that the machine does not have',
    why: 'GRUB stops with "Error 21: Selected disk does not exist".',
    check: eachEntry(checkDevices),
  },
  {
    id: 'stale-binary',
    severity: 'warning',
    trips:
      'a file of the same name elsewhere on the medium that is newer, differs, and is in no entry',
    why: 'The old build boots; what was changed has no effect.',
    check: checkStale,
  },
]
