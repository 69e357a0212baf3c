import path from 'node:path'
import { inject, recordArtifact, test as base, type TestArtifactBase } from 'vitest'
import { boot, type BootOptions } from '../boot/boot.ts'
import { cachedCheckpoint } from '../boot/cached-checkpoint.ts'
import type { Checkpoint } from '../boot/checkpoint.ts'
import type { Scenario } from '../boot/scenario.ts'
import type { BootedTarget, Target } from '../boot/target.ts'
import type { Verdict } from '../boot/verdict.ts'
import { BootstandError, failedStatus } from '../core/errors.ts'
import { isHostFailure, isHostOutcome } from './retry.ts'
import type { Measurement, Phase } from '../diagnosis/observer.ts'

/** What a boot tells whoever shows the run, while it goes on. */
export type BootReport =
  | {
      readonly event: 'phase'
      readonly name: string
      readonly reached: number
      readonly before?: Phase | undefined
    }
  | { readonly event: 'retry'; readonly attempt: number; readonly attempts: number }
  | { readonly event: 'measurement'; readonly measurement: Measurement }
  | {
      readonly event: 'verdict'
      readonly verdict: Verdict
      /** Which of its test's boots it is, from 1, and how many there were. */
      readonly boot: number
      readonly boots: number
      /** How many of its phases were told as they ended. */
      readonly phasesTold: number
    }

/** A boot's report on its way from a test to a reporter. */
export interface BootArtifact extends TestArtifactBase {
  readonly type: 'bootstand:boot'
  readonly report: BootReport
}

/** What a command line says for every boot of its run. */
export interface RunDefaults extends Pick<
  BootOptions,
  'board' | 'counted' | 'coverage' | 'images' | 'method' | 'profile'
> {
  /** How often a test is tried again when its host fails. */
  readonly retries?: number
}

declare module 'vitest' {
  interface TestArtifactRegistry {
    bootstand: BootArtifact
  }
  interface ProvidedContext {
    bootstand?: RunDefaults
  }
}

/** Boots a scenario for a test; see `boot`. Options left out are those of `bootstand run`, else the stand-ins and the default method. */
export type BootFixture = <Role extends string>(
  scenario: Scenario<Role>,
  options?: Pick<BootOptions, 'from' | 'images' | 'method' | 'name' | 'order' | 'profile'>,
) => Promise<Target<Role>>

/** A checkpoint from the cache, or of a boot that is made for it; see `cachedCheckpoint`. */
export type CheckpointFixture = <Role extends string>(
  scenario: Scenario<Role>,
  name: string,
  reach: (target: Target<Role>) => Promise<unknown>,
  options?: Parameters<BootFixture>[1],
) => Promise<Checkpoint>

/** vitest's `test` with `boot`, which switches off at the end whatever the test has booted. */
export const test = base.extend<{ boot: BootFixture; checkpoint: CheckpointFixture }>({
  boot: async ({ task, signal, skip }, use) => {
    const targets: Promise<BootedTarget>[] = []
    let phasesTold = 0
    const report = (it: BootReport) =>
      void recordArtifact(task, { type: 'bootstand:boot', report: it })
    let over = false
    const { retries = 0, ...defaults } = inject('bootstand') ?? {}
    const attempt = (task.result?.retryCount ?? 0) + 1
    if (attempt > 1) report({ event: 'retry', attempt, attempts: retries + 1 })
    let hostFailed = false
    if (retries > 0 && typeof task.retry === 'object') {
      // vitest asks for it when an attempt has failed, and takes functions only from a test itself. A
      // number of retries that the test has of its own stays.
      const condition = (error: unknown) => !signal.aborted && (hostFailed || isHostFailure(error))
      Object.assign(task, { retry: { count: retries, condition } })
    }
    const bootForTest: BootFixture = async (scenario, options = {}) => {
      if (over) throw tooLate()
      const target = boot(scenario, {
        name: path.basename(task.file.name).replace(/\.test\.ts$/, ''),
        ...defaults,
        ...options,
        test: task.name,
        attempt,
        ownMethod: 'method' in options,
        signal,
        onPhase: (name, reached, last) => {
          // Those of several boots would stand among each other.
          const before = targets.length === 1 ? last : undefined
          if (before !== undefined) phasesTold++
          report({ event: 'phase', name, reached, before })
        },
        // What no board can do is no failure of what was booted.
        onCannot: ({ message }) => skip(message),
        onMeasurement: (measurement) => report({ event: 'measurement', measurement }),
      })
      // Before it is awaited: a test that ends meanwhile must still switch it off.
      targets.push(target)
      running.add(target)
      try {
        return await target
      } catch (error) {
        if (!(error instanceof BootstandError) || error.code !== 'BOOTSTAND_GUESTS') throw error
        return skip(error.message)
      }
    }
    await use(bootForTest)
    over = true
    // What kept one from booting was thrown at the test.
    const booted = await Promise.allSettled(targets)
    const forgotten = abandonWaits(booted)
    const ends = await Promise.allSettled(
      booted.map(async (it) => (it.status === 'fulfilled' ? await it.value.stop() : undefined)),
    )
    for (const [index, end] of ends.entries()) {
      running.delete(targets[index]!)
      if (end.status === 'rejected' || end.value === undefined) continue
      const told = index === 0 ? phasesTold : 0
      const which = { boot: index + 1, boots: ends.length }
      report({ event: 'verdict', verdict: end.value, ...which, phasesTold: told })
      hostFailed ||= isHostOutcome(end.value.outcome)
    }
    const unknown = ends.find((it) => it.status === 'rejected')
    if (unknown !== undefined) throw unknown.reason
    if (forgotten !== undefined && !signal.aborted) throw notAwaited(forgotten)
  },
  checkpoint: async ({ boot: bootForTest }, use) => {
    const { retries: _, ...defaults } = inject('bootstand') ?? {}
    await use(
      async (scenario, name, reach, options = {}) =>
        await cachedCheckpoint(scenario, name, reach, { ...defaults, ...options }, bootForTest),
    )
  },
})

/** What waits were going on when their test ended. */
const abandonWaits = (
  booted: readonly PromiseSettledResult<BootedTarget>[],
): string | undefined => {
  const waits = booted.flatMap((it) =>
    it.status === 'fulfilled'
      ? [...it.value.consoles, it.value.vga].map((console) => console.abandonWait())
      : [],
  )
  return waits.find((pattern) => pattern !== undefined)
}

const notAwaited = (pattern: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_NOT_AWAITED',
    'usage',
    `The test ended while a console was still waiting for ${pattern}. Write \`await\` before that wait.`,
    { exitStatus: failedStatus },
  )

const tooLate = (): BootstandError =>
  new BootstandError(
    'BOOTSTAND_TEST_OVER',
    'usage',
    'boot was called when its test was over. Await everything that the test starts.',
  )

/** What runs in this process. */
const running = new Set<Promise<BootedTarget>>()

// A test runs in a worker process. Should the command that started it be killed, its emulators must
// go too: they end with the worker, and it ends here.
process.once('disconnect', () => process.exit(1))
// A Ctrl-C reaches the whole process group. The command takes care of it: it cancels the test, which
// ends in order.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
process.once('SIGTERM', () => {
  const stops = [...running].map(async (target) => await (await target).stop())
  void Promise.allSettled(stops).finally(() => process.exit(1))
})
