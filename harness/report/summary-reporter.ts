import { output } from '../host/output.ts'
import { ResultsReporter, summaryLine } from './results.ts'
import type { SerializedError } from 'vitest'
import type { TestModule } from 'vitest/node'

/** Ends a run of vitest with the line `N passed, N failed, N skipped`. */
export default class SummaryReporter extends ResultsReporter {
  #isWatching = false

  /** vitest forgets listeners that were added before the run. */
  onTestModuleQueued({ project }: TestModule): void {
    if (this.#isWatching) return
    this.#isWatching = true
    project.vitest.onCancel(() => this.onCancel())
  }

  override onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    super.onTestRunEnd(modules, errors)
    for (const { name, note } of this.results.tests.filter((it) => it.state === 'skipped')) {
      output.write(`skipped: ${name}: ${note ?? 'no reason given'}\n`)
    }
    output.write(`${summaryLine(this.results)}\n`)
  }
}
