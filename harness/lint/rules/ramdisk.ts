import { withWord } from '../../formats/menu/edit.ts'
import type { Fix } from '../finding.ts'
import { eachEntry, eachKickstart, type Complaint, type Rule } from '../rule.ts'
import type { EntryView, ImageView, Subject } from '../subject.ts'

/** A module that is a Linux with a ramdisk for its root, by what it is told. */
const isRamdiskLinux = ({ image }: ImageView): boolean => / root=\/dev\/ram/.test(image.commandLine)

const isProgram = (look: ImageView['look']): boolean =>
  look === 'program' || look === 'sigma0' || look === 'kernel' || look === 'kickstart'

const checkPosition = ({ modules }: EntryView): Complaint[] =>
  modules.flatMap((linux, index): Complaint[] => {
    if (!isRamdiskLinux(linux)) return []
    const at = linux.image.file!
    const next = modules[index + 1]
    if (next === undefined) {
      return [{ at, message: `Expected a ramdisk as the module behind ${at.text}, found none.` }]
    }
    if (!isProgram(next.look)) return []
    const message = `Expected a ramdisk as the module right behind ${at.text}, found a program (${next.path}).`
    return [{ at: next.image.file!, message }]
  })

/** The ramdisk of a Linux, if both can be looked into. */
const pairs = ({ modules }: EntryView): { linux: ImageView; disk: ImageView }[] =>
  modules.flatMap((linux, index) => {
    const disk = modules[index + 1]
    return isRamdiskLinux(linux) && disk?.file !== undefined && !isProgram(disk.look)
      ? [{ linux, disk }]
      : []
  })

const kibibyte = 1024

const sizeGiven = ({ image }: ImageView): number | undefined => {
  const text = / ramdisk_size=([0-9]+)/.exec(image.commandLine)?.[1]
  return text === undefined ? undefined : Number(text)
}

/** A cpio archive is unpacked into the root file system, whatever the size of a ramdisk. */
const isArchive = (bytes: Buffer): boolean => /^07070[127]/.test(bytes.toString('latin1', 0, 6))

const checkSize = (view: EntryView, { context }: Subject): Complaint[] =>
  pairs(view).flatMap(({ linux, disk }) => {
    const size = Math.ceil(disk.file!.bytes.length / kibibyte)
    const memory = (context.machine?.memory ?? Number.POSITIVE_INFINITY) * kibibyte
    const given = isArchive(disk.file!.bytes) ? undefined : sizeGiven(linux)
    const limit = Math.min(given ?? Number.POSITIVE_INFINITY, memory)
    if (size <= limit) return []
    const what = limit === memory ? 'the memory of the machine' : 'ramdisk_size'
    const message = `Expected ${disk.path} to fit into ${what}, ${limit} KiB; found ${size} KiB when unzipped.`
    const why = limit === memory && disk.command.name === 'module' ? refusedByGrub : undefined
    return [{ at: disk.image.file!, message, ...(why !== undefined && { why }) }]
  })

const refusedByGrub = 'GRUB stops with "Error 28: Selected item cannot fit into memory".'

const command = (view: ImageView, word: 'module' | 'modulenounzip'): Fix => ({
  description: `Load it by "${word}".`,
  changes: () => [withWord(view.command, word)],
})

/** What kickstart executes must be unzipped; GRUB does so only for `module`. */
const checkZippedPrograms = ({ modules, isKickstart }: EntryView): Complaint[] =>
  (isKickstart ? modules.slice(0, 3) : [])
    .filter(({ file, command: { name } }) => file?.isZipped === true && name === 'modulenounzip')
    .map((it) => ({
      at: it.command.word,
      message: `Expected "module" for ${it.path}, which is zipped and to be executed, found "modulenounzip".`,
      fix: command(it, 'module'),
      why: 'kickstart gets the gzip file, finds no executable, prints "PANIC: FAIL in line …" and hangs.',
    }))

/** Linux unzips its ramdisk by itself; unzipped by GRUB it takes its full size of memory twice. */
const checkUnzippedDisks = (view: EntryView): Complaint[] =>
  pairs(view)
    .filter(({ disk }) => disk.file!.isZipped && disk.command.name === 'module')
    .map(({ disk }) => ({
      at: disk.command.word,
      message: `Expected "modulenounzip" for the zipped ramdisk ${disk.path}, found "module".`,
      fix: command(disk, 'modulenounzip'),
    }))

export const ramdiskRules: readonly Rule[] = [
  {
    id: 'ramdisk-not-after-l4linux',
    severity: 'error',
    trips: 'a Linux with `root=/dev/ram…` whose next module is missing or a program',
    why: 'Linux takes the module right behind its own for the ramdisk; it panics: "Unable to mount root fs".',
    check: eachKickstart(checkPosition),
  },
  {
    id: 'ramdisk-too-large',
    severity: 'error',
    trips: 'a ramdisk larger than `ramdisk_size=` (KiB) or than the memory, when unzipped',
    why: 'Linux cannot unpack it and panics: "Unable to mount root fs".',
    check: eachEntry(checkSize),
  },
  {
    id: 'module-unzip',
    severity: 'warning',
    trips: '`module` for a zipped ramdisk, or `modulenounzip` for a zipped program',
    why: 'Linux expects its ramdisk as it was made, zipped; GRUB unzips it, and it takes its full size of memory twice.',
    fix: 'the other command',
    fixNeeds: 'entry',
    check: eachEntry((view) => [...checkZippedPrograms(view), ...checkUnzippedDisks(view)]),
  },
]
