import { printable } from './printable.ts'

/**
 * Who has to act when a boot does not end as wanted.
 *
 * - `guest`: the booted software misbehaved.
 * - `bootset`: what was asked to boot cannot boot (files, menu, arguments).
 * - `usage`: the command line or a scenario file is wrong.
 * - `host`: this machine lacks something or took it away.
 * - `harness`: a defect of Bootstand itself.
 */
export const culprits = ['guest', 'bootset', 'usage', 'host', 'harness'] as const
export type Culprit = (typeof culprits)[number]

/** Exit status of `bootstand` when such a failure keeps a scenario from booting. */
export const exitStatuses: Readonly<Record<Culprit, number>> = {
  guest: 1,
  bootset: 2,
  usage: 2,
  host: 3,
  harness: 1,
}

/** Exit status of a test that failed, whoever is to blame. */
export const failedStatus = exitStatuses.guest

/**
 * Every failure that a user may meet. The message is for a person: what was expected, what was
 * found, where, what to do. `code` is stable and meant for programs. All fields are the error's own
 * properties, so that they survive the way from a test's process to its reporter's.
 */
export class BootstandError extends Error {
  readonly code: string
  readonly culprit: Culprit
  /** What `bootstand` exits with. */
  readonly exitStatus: number

  constructor(
    code: string,
    culprit: Culprit,
    message: string,
    options: ErrorOptions & { readonly exitStatus?: number } = {},
  ) {
    // Messages quote what guests print and files hold, and vitest prints them as they are.
    super(printable(message), options)
    this.name = 'BootstandError'
    this.code = code
    this.culprit = culprit
    this.exitStatus = options.exitStatus ?? exitStatuses[culprit]
  }
}

/** The exit status that an error deserves, also when it has crossed a process border as plain data. */
export const exitStatusOf = (error: unknown): number => {
  const status = (error as { exitStatus?: unknown } | null)?.exitStatus
  return typeof status === 'number' ? status : failedStatus
}

/** The system's error code (`ENOENT`, `EACCES`, …), if the error carries one. */
export const systemCode = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}
