import { readVerdict } from '../run-folder/verdict-file.ts'
import { runImages, type RunImage } from '../boot/run-images.ts'
import type { Verdict } from '../boot/verdict.ts'
import type { FindingContext } from '../diagnosis/compared-findings.ts'
import { pathInside } from '../host/path-inside.ts'
import { shortPath } from '../host/paths.ts'
import { readRegularFile } from '../host/read-regular-file.ts'
import { rolesIn } from '../host/run-folder.ts'
import type { ImageFile } from '../diagnosis/address-map.ts'
import { readLog, type Log } from './read-log.ts'
import { noRun } from './find-run.ts'

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
  /** One sentence for each image of which there is no copy. */
  readonly notes: readonly string[]
}

/** What else is known of a run. */
export interface RunInputOptions {
  /** A directory with the files that it booted, for a run that has lost its copies. */
  readonly images?: string | undefined
}

/**
 * Reads the consoles of a run, and what it booted.
 *
 * @throws {BootstandError} (culprit: usage) when the folder is no run's, or a file in it is damaged.
 */
export const runInput = async (
  folder: string,
  options: RunInputOptions = {},
): Promise<RunInput> => {
  const consoles = rolesIn(folder)
  if (consoles.length === 0)
    throw noRun(`Expected a run folder at ${shortPath(folder)}; found no console (*.out) in it.`)
  const verdict = readVerdict(folder)
  const first = verdict?.consoles.serial[0]
  const names = consoles.toSorted((a, b) => Number(b === first) - Number(a === first))
  const images = verdict === undefined ? [] : await runImages(verdict, options)
  return {
    folder,
    verdict,
    logs: names.map((it) =>
      readLog(pathInside(folder, `${it}.out`, { what: 'a console of the run' })),
    ),
    images,
    booted: images.flatMap(imageFile),
    run: verdict === undefined ? {} : runOf(verdict),
    notes: images.flatMap(missingNote),
  }
}

const runOf = ({ machine, consoles, outcome, summary }: Verdict): FindingContext => ({
  processors: machine?.processors ?? 1,
  serialPorts: consoles.serial.length,
  end: { outcome, summary },
})

/** A file's bytes; nothing where it cannot be read. */
export const contentOf = (file: string): Buffer | undefined => {
  try {
    return readRegularFile(file)
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

const missingNote = ({ path: file, role, place, found }: RunImage): string[] =>
  found !== undefined || place === undefined
    ? []
    : [
        `The run's folder has no copy of what ${file} (${role}) was when it was booted, so its addresses are not named. Name a directory that has it with --images DIR.`,
      ]
