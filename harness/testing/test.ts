import path from 'node:path'
import { inject, recordArtifact, test as base, type TestArtifactBase } from 'vitest'
import { boot, type BootOptions } from '../boot/boot.ts'
import type { Scenario } from '../boot/scenario.ts'
import type { BootedTarget, Target } from '../boot/start.ts'
import type { Verdict } from '../boot/verdict.ts'
import type { Measurement, Phase } from '../diagnosis/observer.ts'
import type { PhaseName } from '../kernel/profile.ts'

/** What a boot tells whoever shows the run, while it goes on. */
export type BootReport =
  | { readonly event: 'run-folder'; readonly folder: string }
  | {
      readonly event: 'phase'
      readonly name: PhaseName
      readonly reached: number
      readonly before?: Phase | undefined
    }
  | { readonly event: 'measurement'; readonly measurement: Measurement }
  | { readonly event: 'verdict'; readonly verdict: Verdict }

/** A boot's report on its way from a test to a reporter. */
export interface BootArtifact extends TestArtifactBase {
  readonly type: 'bootstand:boot'
  readonly report: BootReport
}

/** What a command line says for every boot of its run. */
export type RunDefaults = Pick<BootOptions, 'images' | 'method'>

declare module 'vitest' {
  interface TestArtifactRegistry {
    bootstand: BootArtifact
  }
  interface ProvidedContext {
    bootstand?: RunDefaults
  }
}

/** Boots a scenario for a test; see `boot`. Options left out are those of `bootstand run`, else the stand-ins and `direct`. */
export type BootFixture = <Role extends string>(
  scenario: Scenario<Role>,
  options?: Pick<BootOptions, 'images' | 'method' | 'name'>,
) => Promise<Target<Role>>

/** vitest's `test` with `boot`, which switches off at the end whatever the test has booted. */
export const test = base.extend<{ boot: BootFixture }>({
  boot: async ({ task, signal }, use) => {
    const targets: BootedTarget[] = []
    const report = (it: BootReport) =>
      void recordArtifact(task, { type: 'bootstand:boot', report: it })
    const bootForTest: BootFixture = async (scenario, options = {}) => {
      const target = await boot(scenario, {
        name: path.basename(task.file.name).replace(/\.test\.ts$/, ''),
        ...inject('bootstand'),
        ...options,
        test: task.name,
        signal,
        onRunFolder: (folder) => report({ event: 'run-folder', folder }),
        onPhase: (name, reached, before) => report({ event: 'phase', name, reached, before }),
        onMeasurement: (measurement) => report({ event: 'measurement', measurement }),
      })
      targets.push(target)
      return target
    }
    await use(bootForTest)
    for (const target of targets) report({ event: 'verdict', verdict: await target.stop() })
  },
})
