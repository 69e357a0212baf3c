import path from 'node:path'
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule, TestSpecification } from 'vitest/node'
import type { Verdict } from '../boot/verdict.ts'
import { exitStatuses, exitStatusOf, failedStatus } from '../core/errors.ts'
import type { BootArtifact } from '../testing/test.ts'
import { workerFailure } from './worker-failure.ts'

/** A test and how it ended. */
export interface TestRecord {
  readonly name: string
  /** Relative to the project. */
  readonly file: string
  /**
   * - `flaky`: passed, but not at once.
   * - `cancelled`: a signal came while it ran.
   * - `not-run`: a signal came, or its worker process died, before it started.
   */
  readonly state: 'passed' | 'flaky' | 'failed' | 'skipped' | 'cancelled' | 'not-run'
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
  readonly cancelled: number
  readonly notRun: number
  /** Test files that were not even loaded, relative to the project. */
  readonly filesNotRun: readonly string[]
  /** What failed outside of tests: files that cannot be loaded, hooks of them and of groups. */
  readonly errors: readonly string[]
}

/** Gathers the results of a run for programs. */
export class ResultsReporter implements Reporter {
  readonly #outcomes: TestOutcome[] = []
  readonly #runs: { readonly testId: string; readonly verdict: Verdict }[] = []
  readonly #errors: string[] = []
  readonly #flakyStatus: number
  /** Test files by their absolute paths. */
  readonly #files = new Map<string, string>()
  readonly #loaded = new Set<string>()
  /** Ids of the tests that started before the run was cancelled. */
  readonly #started = new Set<string>()
  #cancelledAt = Infinity
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
      cancelled: count('cancelled'),
      notRun: count('not-run'),
      filesNotRun: this.#filesNotRun,
      errors: this.#hasNothing ? [...this.#errors, 'No test was found.'] : this.#errors,
    }
  }

  get #filesNotRun(): string[] {
    return [...this.#files].flatMap(([file, name]) => (this.#loaded.has(file) ? [] : [name]))
  }

  get #hasNothing(): boolean {
    const isComplete = this.#cancelledAt === Infinity && this.#filesNotRun.length === 0
    return isComplete && this.#outcomes.length === 0 && this.#errors.length === 0
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
    if (this.#hasNothing) return exitStatuses.usage
    const isIncomplete = this.#cancelledAt === Infinity && this.#filesNotRun.length > 0
    return Math.max(this.#status, isIncomplete ? exitStatuses.host : 0)
  }

  /** Adds an error of a file that could not be run. */
  addError(error: Error): void {
    this.#errors.push(error.message)
    this.#fail([error])
  }

  /** Called when a signal cancels the run: a test that ends later has neither passed nor failed. */
  onCancel(): void {
    this.#cancelledAt = Math.min(this.#cancelledAt, Date.now())
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    for (const { moduleId, project } of specifications)
      this.#files.set(moduleId, path.relative(project.config.root, moduleId))
  }

  onTestModuleCollected(module: TestModule): void {
    this.#loaded.add(module.moduleId)
  }

  onTestCaseReady(test: TestCase): void {
    if (this.#cancelledAt === Infinity) this.#started.add(test.id)
  }

  onTestCaseArtifactRecord(test: TestCase, artifact: { readonly type: string }): void {
    if (artifact.type !== 'bootstand:boot') return
    const { report } = artifact as BootArtifact
    if (report.event === 'verdict') this.#runs.push({ testId: test.id, verdict: report.verdict })
  }

  onTestCaseResult(test: TestCase): void {
    const state = this.stateOf(test)
    const result = test.result()
    const errors = state === 'failed' || state === 'flaky' ? (result.errors ?? []) : []
    if (state === 'flaky') this.#status = Math.max(this.#status, this.#flakyStatus)
    else this.#fail(errors)
    const note = state === 'skipped' && result.state === 'skipped' ? result.note : undefined
    this.#add(test, state, errors, note)
  }

  /** How a test ended. A result that is later than the signal says nothing about the test. */
  stateOf(test: TestCase): TestRecord['state'] {
    const result = test.result()
    const { startTime, duration = 0, flaky = false } = test.diagnostic() ?? {}
    const isSkipped = ['skip', 'todo'].includes(test.options.mode ?? 'run')
    const wasSkipped = result.state === 'skipped' && result.note !== abortNote
    if (this.#cancelledAt < Infinity && !isSkipped) {
      const hasEnded = startTime !== undefined && startTime + duration <= this.#cancelledAt
      const hasStarted = startTime !== undefined || this.#started.has(test.id)
      if (!hasStarted) return 'not-run'
      if (!hasEnded && !(wasSkipped && startTime === undefined)) return 'cancelled'
    }
    if (result.state === 'pending') return 'not-run'
    return flaky ? 'flaky' : result.state
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const outside = errorsOutside(modules)
    this.#fail(errors.map((error) => workerFailure(error) ?? error))
    for (const { error, isOfFile } of outside)
      this.#fail([isOfFile ? { ...error, exitStatus: exitStatuses.usage } : error])
    for (const error of errors) {
      const failure = workerFailure(error)
      // Workers that end after a signal do so because of it.
      if (failure === undefined || this.#cancelledAt === Infinity)
        this.#errors.push((failure ?? error).message)
    }
    this.#errors.push(...outside.map(({ title, error }) => `${title}: ${error.message}`))
    this.#addUnfinished(modules, errors)
  }

  /** Adds the tests that vitest has reported no result for. */
  #addUnfinished(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const known = new Set(this.#outcomes.map(({ id }) => id))
    const failure = errors.map(workerFailure).find((it) => it !== undefined)
    for (const test of modules.flatMap((module) => [...module.children.allTests()])) {
      if (known.has(test.id)) continue
      if (this.#cancelledAt < Infinity) this.#add(test, this.stateOf(test), [], undefined)
      else if (test.result().state !== 'pending') continue
      else if (this.#started.has(test.id) && failure)
        this.#add(test, 'failed', [failure], undefined)
      else this.#add(test, 'not-run', [], undefined)
    }
  }

  #add(
    test: TestCase,
    state: TestRecord['state'],
    errors: readonly { readonly message: string }[],
    note: string | undefined,
  ): void {
    const { duration = 0, retryCount = 0 } = test.diagnostic() ?? {}
    const attempts = retryCount + 1
    const record: TestRecord = {
      name: test.name,
      file: test.module.relativeModuleId,
      state,
      attempts,
      duration: Math.round(duration),
      errors: errors.map((error) => error.message),
      ...(note !== undefined && { note }),
    }
    const boots = this.#runs
      .filter((it) => it.testId === test.id && it.verdict.attempt === attempts)
      .map(({ verdict }) => verdict)
    this.#outcomes.push({ id: test.id, path: test.module.moduleId, record, errors, boots })
  }

  #fail(errors: readonly unknown[]): void {
    this.#status = Math.max(this.#status, ...errors.map(exitStatusOf))
  }
}

/** Errors of files, and of hooks that belong to no test, with what they are of. */
export const errorsOutside = (
  modules: readonly TestModule[],
): {
  readonly title: string
  readonly path: string
  readonly error: SerializedError
  /** Whether the file could not be loaded. */
  readonly isOfFile: boolean
}[] =>
  modules.flatMap((module) => {
    const { moduleId, relativeModuleId: file } = module
    const isOfFile = module.children.size === 0
    const of = (name: string, errors: readonly SerializedError[]) =>
      errors.map((error) => ({ title: testTitle({ file, name }), path: moduleId, error, isOfFile }))
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
export const summaryLine = (results: Omit<Results, 'tests' | 'runs' | 'errors'>): string => {
  const { passed, failed, skipped, flaky, cancelled, notRun, filesNotRun } = results
  const others = [
    ...(flaky === 0 ? [] : [`${flaky} flaky`]),
    ...(cancelled === 0 ? [] : [`${cancelled} cancelled`]),
    ...(notRun === 0 ? [] : [`${notRun} not run`]),
    ...(filesNotRun.length === 0 ? [] : [`${counted(filesNotRun.length, 'file')} not run`]),
  ]
  return [`${passed} passed, ${failed} failed, ${skipped} skipped`, ...others].join(', ')
}

/** Returns how much of a run was not run, as a clause; nothing where all of it was. */
export const notRunClause = ({
  notRun,
  filesNotRun,
}: Pick<Results, 'notRun' | 'filesNotRun'>): string | undefined => {
  const parts = [
    ...(notRun === 0 ? [] : [counted(notRun, 'test')]),
    ...(filesNotRun.length === 0 ? [] : [counted(filesNotRun.length, 'test file')]),
  ]
  if (parts.length === 0) return undefined
  const isOne = notRun + filesNotRun.length === 1
  return `${parts.join(' and ')} ${isOne ? 'was' : 'were'} not run`
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** vitest's note on tests that it has cancelled. */
const abortNote = 'The test run was aborted by the user.'
