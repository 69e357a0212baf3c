import type { TestCase, TestModule, TestSuite, Reporter } from 'vitest/node'
import type { SerializedError, UserConsoleLog } from 'vitest'
import { terminalText } from '../core/terminal-text.ts'

/**
 * Makes errors and output of tests safe to print, in place: they quote what guests print, and vitest's own reporters
 * print them as they are. It must be the first reporter.
 */
export default class PrintableErrors implements Reporter {
  onTestCaseResult(test: TestCase): void {
    makePrintable(test.result().errors ?? [])
  }

  onTestSuiteResult(suite: TestSuite): void {
    makePrintable(suite.errors())
  }

  onTestModuleEnd(module: TestModule): void {
    makePrintable(module.errors())
  }

  onTestRunEnd(_: readonly TestModule[], errors: readonly SerializedError[]): void {
    makePrintable(errors)
  }

  onUserConsoleLog(log: UserConsoleLog): void {
    log.content = terminalText(log.content)
  }
}

const texts = ['name', 'message', 'stack', 'diff', 'codeFrame', 'expected', 'actual'] as const

const makePrintable = (errors: readonly SerializedError[]): void => {
  for (const error of errors) {
    for (const key of texts) {
      const text: unknown = error[key]
      if (typeof text === 'string') error[key] = terminalText(text)
    }
    if (error.cause !== undefined && error.cause !== error) makePrintable([error.cause])
  }
}
