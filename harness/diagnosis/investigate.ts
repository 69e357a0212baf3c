import type { Diagnosis, MissedDeadline } from '../console/diagnosis.ts'
import { LineScanner, lastLines } from '../console/lines.ts'
import type { Transcript } from '../console/transcript.ts'
import type { KernelProfile } from '../kernel/profile.ts'
import type { Machine } from '../target/target.ts'
import { addressMap, type BootedFile } from './address-map.ts'
import { judgeHang } from './hang.ts'
import { placeNames } from './place-text.ts'
import { clustersOf } from './sampled-places.ts'

/** What is examined. */
export interface Suspect {
  readonly machine: Pick<Machine, 'examine' | 'consoles'>
  readonly profile: KernelProfile
  /** The files of the boot set, the multiboot kernel first; nothing where they are not known. */
  readonly files: readonly BootedFile[]
}

/**
 * Finds out why a guest does not print what was awaited: examines the machine for about 150 ms while it
 * runs, and reads the end of its console.
 */
export const investigate = async (
  { machine, profile, files }: Suspect,
  missed: MissedDeadline,
): Promise<Diagnosis> => {
  const transcript = missed.transcript ?? [...machine.consoles.values()][0]!.transcript
  const { size } = transcript
  const examination = await machine.examine()
  const clusters = clustersOf(examination.samples, addressMap(files))
  const lastLine = lastLines(transcript, 5).findLast((line) => line.trim() !== '')
  return judgeHang({
    examination,
    clusters,
    names: await placeNames(clusters),
    role: missed.role,
    lastLine,
    prompt: profile.prompts.find(({ pattern }) =>
      pattern.test(lastLine?.replaceAll('\r', '') ?? ''),
    )?.kind,
    silence: transcript.silence,
    printed: missed.printed,
    prints: transcript.size > size,
    begun: hasBegun(transcript, profile),
    typed: missed.typed,
    readsKeys: profile.readsKeys,
  })
}

/** No loader prints more than this before what it boots does, in bytes. */
const longestLoader = 1_048_576

const hasBegun = (transcript: Transcript, { begins }: KernelProfile): boolean => {
  if (begins === undefined) return transcript.size > 0
  const scanner = new LineScanner(transcript, 0)
  for (let line = scanner.next(); line !== undefined; line = scanner.next()) {
    if (begins.test(line.text)) return true
    if (line.offset > longestLoader) break
  }
  return begins.test(scanner.unfinished().text)
}
