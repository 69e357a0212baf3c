import path from 'node:path'
import { machineIn } from '../target/qemu/command-line.ts'
import { readVerdict } from '../run-folder/verdict-file.ts'
import type { Verdict, VerdictImage } from '../boot/verdict.ts'
import { unzippedAsByGrub } from '../host/unzip.ts'
import { sha256OfBytes } from '../host/hash.ts'
import type { FindingContext } from '../diagnosis/compared-findings.ts'
import { shortPath } from '../host/paths.ts'
import { pathInside } from '../host/path-inside.ts'
import { readRegularFile } from '../host/read-regular-file.ts'
import { rolesIn } from '../host/run-folder.ts'
import type { ImageFile } from '../diagnosis/address-map.ts'
import { readLog, type Log } from './read-log.ts'
import { noRun } from './find-run.ts'

/** A file that a run booted. */
export interface RunImage extends VerdictImage {
  /** Its file's name, without `.gz`. */
  readonly name: string
  /** The run's own copy of what was booted, if it is still the same. */
  readonly found?: { readonly path: string; readonly stored: Buffer; readonly bytes: Buffer }
}

/** What a run folder contains. */
export interface RunInput {
  readonly folder: string
  readonly verdict: Verdict | undefined
  /** Of each console; COM1's first. */
  readonly logs: readonly Log[]
  readonly images: readonly RunImage[]
  /** The images that are still known, for addresses. */
  readonly booted: readonly ImageFile[]
  /** What is known of it beside its logs. */
  readonly run: FindingContext
  /** One sentence for each image that the run has no copy of. */
  readonly notes: readonly string[]
}

/**
 * Reads the consoles of a run, and what it booted.
 *
 * @throws {BootstandError} (culprit: usage) when the folder is no run's, or a file in it is damaged.
 */
export const runInput = async (folder: string): Promise<RunInput> => {
  const consoles = rolesIn(folder)
  if (consoles.length === 0)
    throw noRun(`Expected a run folder at ${shortPath(folder)}; found no console (*.out) in it.`)
  const verdict = readVerdict(folder)
  const first = verdict?.consoles.serial[0]
  const names = consoles.toSorted((a, b) => Number(b === first) - Number(a === first))
  const images: RunImage[] = []
  for (const it of verdict?.images ?? []) images.push(await runImage(it, folder, verdict!))
  return {
    folder,
    verdict,
    logs: names.map((it) => readLog(path.join(folder, `${it}.out`))),
    images,
    booted: images.flatMap(imageFile),
    run: verdict === undefined ? {} : runOf(verdict),
    notes: images.flatMap(lostNote),
  }
}

const runOf = ({ command, consoles, outcome, summary }: Verdict): FindingContext => ({
  processors: machineIn(command).processors ?? 1,
  serialPorts: consoles.serial.length,
  end: { outcome, summary },
})

/**
 * Finds the run's own copy of what it booted. The path of an image is foreign, and is never read: only files in the run's
 * folder are.
 */
const runImage = async (
  image: VerdictImage,
  folder: string,
  { guests }: Verdict,
): Promise<RunImage> => {
  const name = path.basename(image.path).replace(/\.gz$/, '')
  const copies = [name, path.relative(guests, image.path), image.name ?? name]
  for (const copy of new Set(copies)) {
    const file = fileInside(path.join(folder, 'medium'), copy)
    if (file === undefined) continue
    const stored = contentOf(file)
    if (stored === undefined || sha256OfBytes(stored) !== image.sha256) continue
    const bytes = await unzippedAsByGrub(stored, file)
    return { ...image, name, found: { path: file, stored, bytes } }
  }
  return { ...image, name }
}

const fileInside = (root: string, foreign: string): string | undefined => {
  try {
    return pathInside(root, foreign)
  } catch {
    return undefined
  }
}

/** Bytes. A larger image is not searched for addresses. */
const largestImage = 256 * 2 ** 20

/** A file's bytes; nothing where it cannot be read or is too large. */
export const contentOf = (file: string): Buffer | undefined => {
  try {
    return readRegularFile(file, { limit: largestImage })
  } catch {
    return undefined
  }
}

const imageFile = ({ name, role, found }: RunImage): ImageFile[] =>
  found === undefined
    ? []
    : [
        {
          name,
          path: found.path,
          bytes: found.bytes,
          // A menu of somebody's own calls Pistachio's kernel a module; its segments tell.
          ...(['kernel', 'kickstart'].includes(role) && { runsAsKernel: true }),
        },
      ]

const lostNote = ({ path: file, role, found }: RunImage): string[] =>
  found === undefined
    ? [
        `${file} (${role}) is not used: the run's folder has no copy of it as it was booted. \`explain --images DIR\` names another place.`,
      ]
    : []
