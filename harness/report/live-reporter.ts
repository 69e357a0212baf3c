import type { styleText } from 'node:util'
import type { SerializedError, UserConsoleLog } from 'vitest'
import type { TestCase, TestModule, TestRunEndReason } from 'vitest/node'
import type { Reporter } from 'vitest/node'
import type { Verdict } from '../boot/verdict.ts'
import { isWantedOutcome } from '../core/outcome.ts'
import { formatDuration } from '../core/text.ts'
import type { Phase } from '../diagnosis/observer.ts'
import { errorOutput, type Output } from '../host/output.ts'
import { shortPath } from '../host/paths.ts'
import type { BootArtifact, BootReport } from '../testing/test.ts'
import { comparisonLines, type Comparison } from './compared-phases.ts'
import { measurementTable } from './measurement-table.ts'
import { phaseLine } from './phase-line.ts'
import { errorsOutside, testTitle } from './results.ts'
import { StatusLine } from './status-line.ts'
import { workerFailure } from './worker-failure.ts'

type Format = Parameters<typeof styleText>[0]
type BootVerdict = Extract<BootReport, { readonly event: 'verdict' }>

/** Shows a run on a terminal while it goes on: phases, measurements, verdicts. */
export class LiveReporter implements Reporter {
  readonly #out: Output
  readonly #status: StatusLine
  readonly #guests: (testFile: string) => string
  readonly #compare: ((verdict: Verdict) => Comparison | undefined) | undefined
  /** How its boots are said to be. */
  #label = ''
  /** What is going on, for whoever interrupts it. */
  #current: { readonly test: string; phase: string | undefined } | undefined
  #last: string | undefined
  #isCancelled = false
  /** Ids of the tests that were shown to their end. */
  readonly #shown = new Set<string>()

  /**
   * @param out Where to show it.
   * @param guests What a test file boots, for people.
   * @param compare Sets a boot beside an earlier one, where that is wanted.
   */
  constructor(
    out: Output,
    guests: (testFile: string) => string,
    compare?: (verdict: Verdict) => Comparison | undefined,
  ) {
    this.#compare = compare
    this.#out = out
    this.#guests = guests
    this.#status = new StatusLine(out)
  }

  /** The test that runs and the phase that its boot is in, as a clause; between tests the last one. */
  get current(): string | undefined {
    if (this.#current === undefined) return this.#last
    const { test, phase } = this.#current
    return phase === undefined ? test : `${test} (in phase ${phase})`
  }

  /** Called when a signal cancels the run: tests that did not start are not shown. */
  onCancel(): void {
    this.#isCancelled = true
  }

  onTestCaseReady(test: TestCase): void {
    if (this.#isCancelled) return
    this.#current = { test: nameOf(test), phase: undefined }
    this.#label = this.#guests(test.module.moduleId)
    this.#say(`${this.#style('bold', nameOf(test))}  ${this.#style('dim', this.#label)}`)
  }

  onTestCaseArtifactRecord(_test: TestCase, artifact: { readonly type: string }): void {
    if (artifact.type === 'bootstand:boot') this.#show((artifact as BootArtifact).report)
  }

  onUserConsoleLog({ content, type }: UserConsoleLog): void {
    this.#status.clear()
    ;(type === 'stderr' ? errorOutput : this.#out).write(content)
  }

  onTestCaseResult(test: TestCase): void {
    this.#status.clear()
    const isTold = this.#current?.test === nameOf(test)
    this.#current = undefined
    this.#shown.add(test.id)
    if (this.#isCancelled) {
      if (isTold) this.#say(`  ${this.#style('yellow', 'cancelled')}\n`)
      return
    }
    this.#last = nameOf(test)
    const result = test.result()
    if (result.state === 'skipped') {
      if (!isTold) this.#say(this.#style('bold', nameOf(test)))
      this.#say(`  ${this.#style('yellow', 'skipped')} ${result.note ?? ''}`)
      return
    }
    for (const error of result.errors ?? []) this.#sayError(error, test.module.moduleId)
    const { duration = 0, flaky = false } = test.diagnostic() ?? {}
    const colour = flaky ? 'yellow' : result.state === 'passed' ? 'green' : 'red'
    const ended = result.state === 'pending' ? 'interrupted' : result.state
    const state = flaky ? 'flaky' : ended
    this.#say(`  ${this.#style(colour, state)} in ${formatDuration(duration)}\n`)
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    _reason: TestRunEndReason,
  ): void {
    this.#status.clear()
    this.#sayUnfinished(modules)
    for (const error of errors) {
      const failure = workerFailure(error)
      // Workers that end after a signal do so because of it.
      if (failure !== undefined && this.#isCancelled) continue
      this.#say(this.#style('red', (failure ?? error).message))
    }
    for (const { title, path, error } of errorsOutside(modules)) {
      this.#say(`${this.#style('bold', title)}  ${this.#style('red', 'failed')}`)
      this.#sayError(error, path)
      this.#say('')
    }
  }

  /** Names the tests whose worker died before they ended. */
  #sayUnfinished(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    for (const test of tests) {
      if (this.#shown.has(test.id) || test.result().state !== 'pending') continue
      const isRunning = this.#current?.test === nameOf(test)
      if (isRunning && this.#isCancelled) this.#say(`  ${this.#style('yellow', 'cancelled')}\n`)
      else if (this.#isCancelled) continue
      else if (isRunning) this.#say(`  ${this.#style('red', 'failed')}\n`)
      else this.#say(`${this.#style('bold', nameOf(test))}  ${this.#style('red', 'not run')}`)
    }
  }

  #show(report: BootReport): void {
    switch (report.event) {
      case 'phase':
        this.#showPhase(report.name, report.before)
        return
      case 'measurement':
        this.#status.note(`${report.measurement['benchmark']} …`)
        return
      case 'retry':
        this.#status.clear()
        this.#say(
          this.#style(
            'yellow',
            `  attempt ${report.attempt} of ${report.attempts}: the host failed`,
          ),
        )
        return
      case 'verdict':
        this.#showVerdict(report)
    }
  }

  #showPhase(name: string, before: Phase | undefined): void {
    if (this.#current !== undefined) this.#current.phase = name
    this.#status.clear()
    if (before !== undefined) this.#say(phaseLine(before))
    this.#status.start(`  ${name.padEnd(12)}`)
  }

  #showVerdict({ verdict, phasesTold, boot, boots }: BootVerdict): void {
    this.#status.clear()
    if (boot > 1) this.#say('')
    for (const phase of verdict.phases.slice(phasesTold)) this.#say(phaseLine(phase))
    const width = this.#out.columns ?? 80
    const table = measurementTable(verdict.measurements, width - 2)
    if (table.length > 0)
      this.#say(
        `\n  cycles, as the guest measured them:\n${table.map((line) => `  ${line}\n`).join('')}`,
      )
    const origin = verdict.from === undefined ? '' : ', from a checkpoint'
    if (boots > 1) this.#say(`  boot        ${boot} of ${boots}${origin}`)
    const how = [verdict.method, verdict.profile === 'fast' ? [] : verdict.profile].flat()
    const { board } = verdict
    // A test may boot otherwise than the command line says.
    if (board === undefined && how.some((it) => !this.#label.includes(it)))
      this.#say(`  booted by   ${how.join(', ')}`)
    const culprit = verdict.culprit === undefined ? '' : ` (culprit: ${verdict.culprit})`
    const summary = isToldByError(verdict) ? '' : `: ${verdict.summary}`
    const colour = isWantedOutcome(verdict.outcome) ? 'green' : 'yellow'
    this.#say(`  outcome     ${this.#style(colour, verdict.outcome)}${culprit}${summary}`)
    for (const note of verdict.notes) this.#say(`  note        ${note}`)
    for (const answer of verdict.interrogation) this.#say(`  debugger    ${answer}`)
    this.#say(`  run folder  ${shortPath(verdict.runFolder)}`)
    if (this.#compare !== undefined) this.#showComparison(this.#compare(verdict))
  }

  #showComparison(comparison: Comparison | undefined): void {
    if (comparison === undefined) {
      this.#say('  compared    with nothing: there is no earlier boot of this test that is alike')
      return
    }
    this.#say(`  compared    with ${shortPath(comparison.before)}: then, now`)
    for (const [index, line] of comparisonLines(comparison).entries()) {
      const isSame = comparison.phases[index]!.change === 'none'
      this.#say(`    ${isSame ? line : this.#style('yellow', line)}`)
    }
  }

  /** What went wrong, and the line of the test that found it. */
  #sayError({ message, stacks }: SerializedError, testFile: string): void {
    this.#say(this.#style('red', indent(message)))
    const frame = stacks?.find(({ file }) => file === testFile)
    if (frame !== undefined) this.#say(`  ${shortPath(frame.file)}:${frame.line}`)
  }

  #say(line: string): void {
    this.#out.line(line)
  }

  #style(format: Format, text: string): string {
    return this.#out.style(format, text)
  }
}

const nameOf = ({ module, name }: TestCase): string =>
  testTitle({ file: module.relativeModuleId, name })

/** Whether a wait failed: the test's error, which follows, tells the whole story. */
const isToldByError = ({ outcome, evidence, stops, summary }: Verdict): boolean =>
  evidence !== undefined ||
  outcome === 'not-quiet' ||
  stops.some((stop) => stop.outcome === outcome && !summary.startsWith(stop.meaning))

const indent = (text: string): string => text.replaceAll(/^/gm, '  ')
