import fs from 'node:fs'
import path from 'node:path'
import { machineIn } from '../target/qemu/command-line.ts'
import { readVerdict } from '../run-folder/verdict-file.ts'
import type { Verdict, VerdictImage } from '../boot/verdict.ts'
import { unzippedAsByGrub } from '../host/unzip.ts'
import { sha256OfBytes } from '../host/hash.ts'
import type { FindingContext } from '../diagnosis/compared-findings.ts'
import { shortPath } from '../host/paths.ts'
import { rolesIn } from '../host/run-folder.ts'
import type { ImageFile } from '../diagnosis/address-map.ts'
import { readLog, type Log } from './read-log.ts'
import { noRun } from './find-run.ts'

/** A file that a run booted, and what has become of it. */
export interface RunImage extends VerdictImage {
  /** Its file's name, without `.gz`. */
  readonly name: string
  readonly since: 'unchanged' | 'changed' | 'gone' | 'unknown'
  /** What was booted: from where it lay, else from the run's own copy, if that is still the same. */
  readonly found?: { readonly path: string; readonly stored: Buffer; readonly bytes: Buffer }
}

/** What a run folder tells. */
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
  /** One sentence for each image that is no longer what was booted. */
  readonly notes: readonly string[]
}

/**
 * Reads the consoles of a run, and what it booted.
 *
 * @throws {BootstandError} when the folder is no run's.
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
    notes: images.flatMap(sinceNote),
  }
}

const runOf = ({ command, consoles, outcome, summary }: Verdict): FindingContext => ({
  processors: machineIn(command).processors ?? 1,
  serialPorts: consoles.serial.length,
  end: { outcome, summary },
})

const runImage = async (
  image: VerdictImage,
  folder: string,
  { guests }: Verdict,
): Promise<RunImage> => {
  const name = path.basename(image.path).replace(/\.gz$/, '')
  const here = contentOf(image.path)
  const isSame = (it: Buffer | undefined): it is Buffer =>
    it !== undefined && sha256OfBytes(it) === image.sha256
  const copies = [name, path.relative(guests, image.path)].map((it) =>
    path.join(folder, 'medium', it),
  )
  const since =
    here === undefined
      ? 'gone'
      : image.sha256 === undefined
        ? 'unknown'
        : isSame(here)
          ? 'unchanged'
          : 'changed'
  for (const file of [image.path, ...copies]) {
    const stored = file === image.path ? here : contentOf(file)
    if (isSame(stored)) {
      const bytes = await unzippedAsByGrub(stored, file)
      return { ...image, name, since, found: { path: file, stored, bytes } }
    }
  }
  return { ...image, name, since }
}

/** A file's bytes; nothing where it cannot be read. */
export const contentOf = (file: string): Buffer | undefined => {
  try {
    return fs.readFileSync(file)
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

const sinceNote = ({ path: file, role, since, found }: RunImage): string[] => {
  if (since === 'unchanged') return []
  const what = {
    gone: 'is gone since it was booted',
    changed: 'has changed since it was booted',
    unknown: 'is too large to be known again',
  }[since]
  const used = found === undefined ? 'it is not used' : `the run's own copy is used`
  return [`${file} (${role}) ${what}, so ${used}.`]
}
