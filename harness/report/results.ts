import type { SerializedError } from 'vitest'
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
  /** What came of it when it was run again because it had failed. */
  readonly recording?: Recording
}

/** A failed test that was run again with recording on. */
export interface Recording {
  /** `failed-otherwise`: not as before. */
  readonly result: 'failed-again' | 'failed-otherwise' | 'passed' | 'not-recorded'
  /** The folder of the recorded run, where there is one. */
  readonly runFolder?: string
  /** Why it was not recorded. */
  readonly reason?: string
}

/** A test, and what is known of it besides its record. */
export interface TestOutcome {
  /** vitest's. */
  readonly id: string
  /** Absolute path of its file. */
  readonly path: string
  readonly record: TestRecord
  readonly errors: readonly unknown[]
  /** One a boot of its last attempt. */
  readonly boots: readonly Verdict[]
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
  /** What failed outside of tests: files that cannot be loaded, hooks of them and of groups. */
  readonly errors: readonly string[]
}

/** Gathers the results of a run for programs. */
export class ResultsReporter implements Reporter {
  readonly #outcomes: TestOutcome[] = []
  readonly #runs: { readonly testId: string; readonly verdict: Verdict }[] = []
  readonly #errors: string[] = []
  readonly #flakyStatus: number
  #status = 0

  /** @param options Whether a test may need more than one attempt. */
  constructor({ allowFlaky = false }: { readonly allowFlaky?: boolean } = {}) {
    this.#flakyStatus = allowFlaky ? 0 : failedStatus
  }

  get results(): Results {
    const tests = this.#outcomes.map(({ record }) => record)
    const count = (state: TestRecord['state']) =>
      tests.filter((test) => test.state === state).length
    return {
      tests,
      runs: this.#runs.map(({ verdict }) => verdict),
      passed: count('passed'),
      flaky: count('flaky'),
      failed: count('failed'),
      skipped: count('skipped'),
      errors: this.#errors,
    }
  }

  get outcomes(): readonly TestOutcome[] {
    return this.#outcomes
  }

  /**
   * Adds what came of recording a test.
   *
   * @param verdict The verdict of its boot that names the recorded run, in place of what it was.
   */
  addRecording(test: TestOutcome, recording: Recording, verdict: Verdict | undefined): void {
    const index = this.#outcomes.indexOf(test)
    this.#outcomes[index] = { ...test, record: { ...test.record, recording } }
    const run = this.#runs.findIndex((it) => it.verdict.runFolder === verdict?.runFolder)
    if (run !== -1) this.#runs[run] = { ...this.#runs[run]!, verdict: verdict! }
  }

  /** The exit status that the failures deserve: the user's mistake or the host's lack goes first. */
  get exitStatus(): number {
    return this.#status
  }

  onTestCaseArtifactRecord(test: TestCase, artifact: { readonly type: string }): void {
    if (artifact.type !== 'bootstand:boot') return
    const { report } = artifact as BootArtifact
    if (report.event === 'verdict') this.#runs.push({ testId: test.id, verdict: report.verdict })
  }

  onTestCaseResult(test: TestCase): void {
    const result = test.result()
    const errors = result.errors ?? []
    const { duration = 0, flaky = false, retryCount = 0 } = test.diagnostic() ?? {}
    if (flaky) this.#status = Math.max(this.#status, this.#flakyStatus)
    else this.#fail(errors)
    const attempts = retryCount + 1
    const record: TestRecord = {
      name: test.name,
      file: test.module.relativeModuleId,
      state: result.state === 'pending' ? 'skipped' : flaky ? 'flaky' : result.state,
      attempts,
      duration: Math.round(duration),
      errors: errors.map((error) => error.message),
      ...(result.state === 'skipped' && result.note !== undefined && { note: result.note }),
    }
    const boots = this.#runs
      .filter((it) => it.testId === test.id && it.verdict.attempt === attempts)
      .map(({ verdict }) => verdict)
    this.#outcomes.push({ id: test.id, path: test.module.moduleId, record, errors, boots })
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const outside = errorsOutside(modules)
    this.#fail([...errors, ...outside.map(({ error }) => error)])
    this.#errors.push(
      ...errors.map(({ message }) => message),
      ...outside.map(({ title, error }) => `${title}: ${error.message}`),
    )
  }

  #fail(errors: readonly unknown[]): void {
    this.#status = Math.max(this.#status, ...errors.map(exitStatusOf))
  }
}

/** Errors of files, and of hooks that belong to no test, with what they are of. */
export const errorsOutside = (
  modules: readonly TestModule[],
): { readonly title: string; readonly path: string; readonly error: SerializedError }[] =>
  modules.flatMap((module) => {
    const { moduleId: path, relativeModuleId: file } = module
    const of = (name: string, errors: readonly SerializedError[]) =>
      errors.map((error) => ({ title: testTitle({ file, name }), path, error }))
    const suites = [...module.children.allSuites()]
    return [
      ...of('outside of its tests', module.errors()),
      ...suites.flatMap((it) => of(`${it.name}, in a hook`, it.errors())),
    ]
  })

/** What a test is called for people. */
export const testTitle = ({ file, name }: Pick<TestRecord, 'file' | 'name'>): string =>
  `${file.replace(/^scenarios\//, '').replace(/\.test\.ts$/, '')} › ${name}`

/** The closing line of every run, in the form that logs are scanned for. */
export const summaryLine = ({ passed, failed, skipped, flaky }: Results): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped${flaky === 0 ? '' : `, ${flaky} flaky`}`
