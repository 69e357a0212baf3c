import type { WaitOptions } from '../core/deadline.ts'
import { BootstandError } from '../core/errors.ts'
import type { Attempt, AttemptOptions } from './console.ts'
import type { Match, Pattern } from './wait.ts'

/** What can be awaited together with others: a console, or the VGA. */
export interface Awaitable {
  /** Milliseconds since something came last. */
  readonly silence: number
  /** A wait whose outcome is yet to be taken. */
  attempt(pattern: Pattern, options?: AttemptOptions): Promise<Attempt>
  /**
   * Takes a text that should not have come.
   *
   * @throws {WaitError} always.
   */
  forbid(attempt: Attempt): never
}

/** All of a target, by their roles. */
type Awaitables = ReadonlyMap<string, Awaitable>

/** A pattern for each of some consoles, by their roles; `vga` is the screen. */
export type Patterns<Role extends string> = Readonly<Partial<Record<Role, Pattern>>>

/** What else ends a wait on several consoles. Its deadline of silence is for all of them together. */
export interface TogetherOptions<Role extends string> extends WaitOptions {
  /**
   * What must not be printed meanwhile, on these or other consoles. On one console it counts up to the
   * awaited text. Between two nobody knows what came first: what has come by then counts.
   */
  readonly unless?: Patterns<Role>
}

/** The console that printed its pattern first, as far as the harness saw it. */
export interface FirstMatch<Role extends string> extends Match {
  readonly role: Role
}

/** Waits until one of several consoles prints its pattern. The others' waits consume nothing. */
export const waitForAny = async <Role extends string>(
  consoles: Awaitables,
  patterns: Patterns<Role>,
  options: TogetherOptions<Role> = {},
): Promise<FirstMatch<Role>> =>
  await together(consoles, patterns, options, async (attempts) => {
    const { role, attempt } = await Promise.race(attempts)
    return [[role, attempt]]
  }).then(([first]) => first!)

/** Waits until each of several consoles has printed its pattern, in whatever order. */
export const waitForAll = async <Role extends string>(
  consoles: Awaitables,
  patterns: Patterns<Role>,
  options: TogetherOptions<Role> = {},
): Promise<Record<Role, Match>> => {
  const matches = await together(consoles, patterns, options, async (attempts) => {
    const all = await Promise.all(attempts.map(failFast))
    return all.map(({ role, attempt }) => [role, attempt])
  })
  const byRole: Partial<Record<Role, Match>> = {}
  for (const { role, ...match } of matches) byRole[role] = match
  return byRole as Record<Role, Match>
}

interface RoleAttempt<Role extends string> {
  readonly role: Role
  readonly attempt: Attempt
}

/** One that missed ends the others: their texts may take long. */
const failFast = async <Role extends string>(
  pending: Promise<RoleAttempt<Role>>,
): Promise<RoleAttempt<Role>> => {
  const done = await pending
  if (done.attempt.isMissed) done.attempt.take()
  return done
}

const together = async <Role extends string>(
  consoles: Awaitables,
  patterns: Patterns<Role>,
  { unless, signal, ...options }: TogetherOptions<Role>,
  settle: (attempts: readonly Promise<RoleAttempt<Role>>[]) => Promise<[Role, Attempt][]>,
): Promise<FirstMatch<Role>[]> => {
  const over = new AbortController()
  const either = AbortSignal.any(signal === undefined ? [over.signal] : [over.signal, signal])
  const awaited = entriesOf(patterns).map(([role, pattern]) => {
    return { role, pattern, console: named(consoles, role) }
  })
  const silence = () => Math.min(...awaited.map((it) => it.console.silence))
  const attempts = awaited.map(async ({ role, pattern, console }) => {
    const terms = { ...options, unless: unless?.[role], hushed: silence, signal: either }
    return { role, attempt: await console.attempt(pattern, terms) }
  })
  if (attempts.length === 0) throw nothingToAwait()
  const others =
    unless === undefined ? [] : entriesOf(unless).filter(([role]) => !(role in patterns))
  const watches = others.map(async ([role, pattern]) => {
    const attempt = await named(consoles, role).attempt(pattern, { ...forEver, signal: either })
    return named(consoles, role).forbid(attempt)
  })
  try {
    const taken = await Promise.race([settle(attempts), ...watches])
    over.abort()
    await Promise.allSettled([...attempts, ...watches])
    // What was printed by now was printed meanwhile.
    for (const [role, pattern] of others) {
      const attempt = await named(consoles, role).attempt(pattern, {
        within: 0,
        isTentative: true,
      })
      if (!attempt.isMissed) named(consoles, role).forbid(attempt)
    }
    return taken.map(([role, attempt]) => ({ role, ...attempt.take() }))
  } catch (error) {
    // Behind a race of promises the error no longer knows which line of the test was waiting.
    if (error instanceof Error) Error.captureStackTrace(error)
    throw error
  } finally {
    over.abort()
    await Promise.allSettled([...attempts, ...watches])
  }
}

/** The awaited texts have the deadline. */
const forEver = { within: 2 ** 31 - 1, isTentative: true } as const

const entriesOf = <Role extends string>(patterns: Patterns<Role>): [Role, Pattern][] =>
  Object.entries(patterns) as [Role, Pattern][]

const named = (consoles: Awaitables, role: string): Awaitable => {
  const found = consoles.get(role)
  if (found !== undefined) return found
  throw new BootstandError(
    'BOOTSTAND_ROLE',
    'usage',
    `The target has no console "${role}". It has: ${[...consoles.keys()].join(', ')}.`,
  )
}

const nothingToAwait = (): BootstandError =>
  new BootstandError(
    'BOOTSTAND_ROLE',
    'usage',
    'Expected a pattern for at least one console, found none.',
  )
