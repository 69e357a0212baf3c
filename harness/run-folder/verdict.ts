import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import { bootMethods, profiles } from '../core/boot-choices.ts'
import { culprits } from '../core/errors.ts'
import { outcomes } from '../core/outcome.ts'
import { evidence } from './evidence.ts'
import { list } from './list.ts'
import { role } from './role.ts'
import { machine } from './machine.ts'
import { stop } from './stop.ts'

/** Version of `verdict.json`. It grows with each change that readers of an earlier version would not understand. */
export const verdictVersion = 1

/** Largest time that is accepted, in milliseconds: about 30 years. */
const milliseconds = z.number().min(0).max(1e12)

const consoleRoles = exactObject({ serial: list(role), debug: role.optional() }).readonly()

/** QEMU is told such a path, and GRUB and QEMU end it at the first blank. */
const mediumPath = z.string().regex(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\0- ]+$/, {
  error: 'expected a path on the boot medium, without blanks and ".."',
})

const image = exactObject({
  role: z.string(),
  /** Path on the boot medium; absent for a finished disk. */
  name: mediumPath.exactOptional(),
  path: z.string(),
  /** Bytes. */
  size: z.int().min(0),
  /** Missing for a finished disk that is too large to read for it. */
  sha256: z.string().exactOptional(),
  /** SHA-256 of what was booted, where the file was zipped and its loader does not unzip. */
  unzipped: z.string().exactOptional(),
  arguments: z.string(),
}).readonly()

/** A file that was booted. */
export type VerdictImage = z.infer<typeof image>

const tool = exactObject({
  name: z.string(),
  version: z.string(),
  path: z.string(),
  sha256: z.string(),
}).readonly()

/** An outside program that took part in a boot. */
export type VerdictTool = z.infer<typeof tool>

const phase = exactObject({
  name: z.string(),
  reached: milliseconds,
  /** Until the next phase was reached, or the boot ended. */
  duration: milliseconds,
}).readonly()

/** A phase that a boot has reached. Times are milliseconds since power-on. */
export type Phase = z.infer<typeof phase>

const measurement = z.record(z.string(), z.union([z.string(), z.number()])).readonly()

/** Values that a guest measured and printed: one object a line. */
export type Measurement = z.infer<typeof measurement>

/** Checks a `Verdict`, without the version that only its file has. */
export const verdict = exactObject({
  scenario: z.string(),
  /** The test that booted it, where there was one. */
  test: z.string().exactOptional(),
  /** Which attempt of that test it was: more than 1 where its host failed before. */
  attempt: z.int().min(1),
  outcome: z.enum(outcomes),
  /** Who has to act; absent when the boot finished or was cancelled. */
  culprit: z.enum(culprits).exactOptional(),
  /** One clause. */
  summary: z.string(),
  /** What an examination of the machine found, where the last wait timed out. */
  evidence: evidence.exactOptional(),
  /** Absolute path. Readers set it to the folder that they read. */
  runFolder: z.string(),
  /** `stand-ins`, the directory that the images came from, or the finished disk. */
  guests: z.string(),
  method: z.enum(bootMethods),
  /** Set when the test chose the method, which is then the same whatever a command line says. */
  ownMethod: z.literal(true).exactOptional(),
  /** The clock that it ran by. */
  profile: z.enum(profiles),
  /** Whether every key of a `deterministic` boot was typed at an instruction of the guest's. */
  isExact: z.boolean(),
  /** The folder of the checkpoint from which it went on, where it did not begin with power-on. */
  from: z.string().exactOptional(),
  /** The folder, relative to this run's, of a recorded boot of the same test that failed in the same way. */
  recorded: z.string().exactOptional(),
  /** Name of the real machine that it booted on; absent when QEMU ran it. */
  board: z.string().exactOptional(),
  /** What the ports are called. */
  consoles: consoleRoles,
  /** Facts about the boot medium and the machine, one sentence each. */
  notes: list(z.string()),
  phases: list(phase),
  measurements: list(measurement),
  /** Stop texts that the guest printed, awaited or not. */
  stops: list(stop),
  /** What the kernel's debugger answered when the boot had gone wrong; in full in `interrogation.json`. */
  interrogation: list(z.string()),
  images: list(image),
  /** Factor by which timeouts were longer than written: `bootstand doctor` measures it. */
  slowness: z.number().positive(),
  /** Versions of Bootstand and Node. */
  harness: exactObject({ version: z.string(), node: z.string() }).readonly(),
  /** The outside programs that took part. */
  tools: list(tool),
  /** What QEMU emulated; absent on a board. */
  machine: machine.exactOptional(),
  /** What QEMU logged besides, which slows it: the code that the guest came to, or each byte that it wrote to a port. */
  logged: z.enum(['code', 'ports']).exactOptional(),
  /** ISO 8601, UTC. */
  startedAt: z.iso.datetime(),
}).readonly()

/** What is known of a boot when it is over: the run folder's `verdict.json`. */
export type Verdict = z.infer<typeof verdict>
