import type { Diagnosis, MissedDeadline } from '../console/diagnosis.ts'
import { LineScanner, lastLines } from '../console/lines.ts'
import type { Transcript } from '../console/transcript.ts'
import type { KernelProfile } from '../kernel/profile.ts'
import type { Machine } from '../target/target.ts'
import { addressMap, type BootedFile } from './address-map.ts'
import type { Vga } from '../console/vga.ts'
import { judgeHang, judgeUnseen, type SeenPrompt } from './hang.ts'
import { placeNames } from './place-text.ts'
import { seenProcessors } from './sampled-places.ts'

/** What is examined. */
export interface Suspect {
  readonly machine: Pick<Machine, 'examine' | 'consoles' | 'vga'>
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
  const [first] = machine.consoles.values()
  const { transcript = first!.transcript } = missed
  const { size } = transcript
  const examination = await machine.examine()
  const lastLine = lastLineOf(transcript)
  const heard = {
    role: missed.role,
    lastLine,
    prompt: await promptOf({ machine, profile, files }, missed.role),
    silence: transcript.silence,
    printed: missed.printed,
    prints: transcript.size > size,
    begun: hasBegun(first!.transcript, profile),
    typed: missed.typed,
  }
  if ('unseen' in examination) return judgeUnseen(heard, examination)
  const processors = seenProcessors(examination.samples, addressMap(files))
  const names = await placeNames(processors.flatMap(({ clusters }) => clusters))
  return judgeHang({ ...heard, examination, processors, names, readsKeys: profile.readsKeys })
}

const lastLineOf = (transcript: Transcript, noise?: RegExp): string | undefined => {
  const lines = lastLines(transcript, mostNoise).map((it) => `${it}\n`)
  const text = lines.join('').replaceAll('\r', '')
  const told = noise === undefined ? text : text.replaceAll(new RegExp(noise, 'g'), '')
  return told.split('\n').findLast((line) => line.trim() !== '')
}

/** Lines that a kernel may print behind a prompt, which is still looked for then. */
const mostNoise = 40

/** The prompt that somebody waits behind: on the awaited console rather than on another. */
const promptOf = async (
  { machine: { consoles, vga }, profile: { prompts, noise } }: Suspect,
  awaited: string,
): Promise<SeenPrompt | undefined> => {
  const ends = [...consoles].map(([role, it]) => ({ role, line: lastLineOf(it.transcript, noise) }))
  const screen = { role: 'vga', line: await lastRowOf(vga) }
  const ordered = [...ends, screen].toSorted(
    (a, b) => rank(a.role, awaited) - rank(b.role, awaited),
  )
  for (const { role, line = '' } of ordered) {
    const found = prompts.find(({ pattern }) => pattern.test(line.replaceAll('\r', '')))
    if (found !== undefined) return { kind: found.kind, role, line }
  }
  return undefined
}

const rank = (role: string, awaited: string): number => (role === awaited ? 0 : 1)

/** What stands before the cursor. */
const lastRowOf = async (vga: Vga): Promise<string | undefined> => {
  const image = await vga.look().catch(() => undefined)
  return image?.lines[image.cursor?.row ?? 0]?.slice(0, image.cursor?.column)
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
