import { expect } from 'vitest'
import { Console, type PrintWaitOptions } from '../console/console.ts'
import type { Pattern } from '../console/wait.ts'
import { BootstandError } from '../core/errors.ts'

interface ConsoleMatchers {
  /**
   * Waits until a console prints a text, from where the last wait on it ended. Await it.
   *
   * @param pattern A string, or a RegExp that is tried on one line at a time.
   * @param options `within`: milliseconds, 30,000 by default. `unless`: what must not come before.
   */
  toPrint(pattern: Pattern, options?: PrintWaitOptions): Promise<void>
}

declare module 'vitest' {
  // The parameter and its default must be vitest's own.
  // oxlint-disable-next-line typescript/no-explicit-any, eslint/no-unused-vars
  interface Matchers<T = any> extends ConsoleMatchers {}
}

expect.extend({
  async toPrint(received: unknown, pattern: Pattern, options?: PrintWaitOptions) {
    if (this.isNot) {
      throw new BootstandError(
        'BOOTSTAND_MATCHER',
        'usage',
        'expect(console).not.toPrint(…) has no end to wait for. Await what should come instead.',
      )
    }
    if (!(received instanceof Console)) {
      throw new BootstandError(
        'BOOTSTAND_MATCHER',
        'usage',
        'toPrint expects a console, such as target.herc.',
      )
    }
    // Its own error says more than a matcher could, and keeps the culprit.
    await received.waitFor(pattern, options)
    return { pass: true, message: () => '' }
  },
})
