import type { Reporter, TestCase, TestModule } from 'vitest/node'
import type { Verdict } from '../boot/verdict.ts'
import { exitStatusOf, failedStatus } from '../core/errors.ts'
import type { BootArtifact } from '../testing/test.ts'

/** A test and how it ended. */
export interface TestRecord {
  readonly name: string
  /** Relative to the project. */
  readonly file: string
  /** `flaky`: passed, but not at once. */
  readonly state: 'passed' | 'flaky' | 'failed' | 'skipped'
  /** How often it was tried. */
  readonly attempts: number
  /** Milliseconds. */
  readonly duration: number
  /** Of all attempts. */
  readonly errors: readonly string[]
  /** Why it was skipped, where the test says so. */
  readonly note?: string
}

/** What `bootstand run --json` prints. */
export interface Results {
  readonly tests: readonly TestRecord[]
  /** One a boot. */
  readonly runs: readonly Verdict[]
  readonly passed: number
  readonly flaky: number
  readonly failed: number
  readonly skipped: number
}

/** Gathers the results of a run for programs. */
export class ResultsReporter implements Reporter {
  readonly #tests: TestRecord[] = []
  readonly #runs: Verdict[] = []
  readonly #flakyStatus: number
  #status = 0

  /** @param options Whether a test may need more than one attempt. */
  constructor({ allowFlaky = false }: { readonly allowFlaky?: boolean } = {}) {
    this.#flakyStatus = allowFlaky ? 0 : failedStatus
  }

  get results(): Results {
    const count = (state: TestRecord['state']) =>
      this.#tests.filter((test) => test.state === state).length
    return {
      tests: this.#tests,
      runs: this.#runs,
      passed: count('passed'),
      flaky: count('flaky'),
      failed: count('failed'),
      skipped: count('skipped'),
    }
  }

  /** The exit status that the failures deserve: the user's mistake or the host's lack goes first. */
  get exitStatus(): number {
    return this.#status
  }

  onTestCaseArtifactRecord(_test: TestCase, artifact: { readonly type: string }): void {
    if (artifact.type !== 'bootstand:boot') return
    const { report } = artifact as BootArtifact
    if (report.event === 'verdict') this.#runs.push(report.verdict)
  }

  onTestCaseResult(test: TestCase): void {
    const result = test.result()
    const errors = result.errors ?? []
    const { duration = 0, flaky = false, retryCount = 0 } = test.diagnostic() ?? {}
    if (flaky) this.#status = Math.max(this.#status, this.#flakyStatus)
    else this.#fail(errors)
    this.#tests.push({
      name: test.name,
      file: test.module.relativeModuleId,
      state: result.state === 'pending' ? 'skipped' : flaky ? 'flaky' : result.state,
      attempts: retryCount + 1,
      duration: Math.round(duration),
      errors: errors.map((error) => error.message),
      ...(result.state === 'skipped' && result.note !== undefined && { note: result.note }),
    })
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    this.#fail([...errors, ...modules.flatMap((module) => module.errors())])
  }

  #fail(errors: readonly unknown[]): void {
    this.#status = Math.max(this.#status, ...errors.map(exitStatusOf))
  }
}

/** The closing line of every run, in the form that logs are scanned for. */
export const summaryLine = ({ passed, failed, skipped, flaky }: Results): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped${flaky === 0 ? '' : `, ${flaky} flaky`}`
