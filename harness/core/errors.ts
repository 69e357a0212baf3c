/**
 * Who has to act when a boot does not end as wanted.
 *
 * - `guest`: the booted software misbehaved.
 * - `bootset`: what was asked to boot cannot boot (files, menu, arguments).
 * - `usage`: the command line or a scenario file is wrong.
 * - `host`: this machine lacks something or took it away.
 * - `harness`: a defect of Bootstand itself.
 */
export type Culprit = 'guest' | 'bootset' | 'usage' | 'host' | 'harness'

/** Exit status of `bootstand` for each culprit. */
const exitStatuses: Record<Culprit, number> = {
  guest: 1,
  bootset: 2,
  usage: 2,
  host: 3,
  harness: 1,
}

/**
 * Every failure that a user may meet. The message is for a person: what was expected, what was
 * found, where, what to do. `code` is stable and meant for programs.
 */
export class BootstandError extends Error {
  readonly code: string
  readonly culprit: Culprit

  constructor(code: string, culprit: Culprit, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BootstandError'
    this.code = code
    this.culprit = culprit
  }

  get exitStatus(): number {
    return exitStatuses[this.culprit]
  }
}

/** The exit status that an error deserves, also after it has crossed a process border as plain data. */
export const exitStatusOf = (error: unknown): number => {
  const culprit = (error as { culprit?: Culprit } | undefined)?.culprit
  return culprit !== undefined && culprit in exitStatuses ? exitStatuses[culprit] : 1
}

/** The system's error code (`ENOENT`, `EACCES`, …), if the error carries one. */
export const systemCode = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}
