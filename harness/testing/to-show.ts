import { expect } from 'vitest'
import { Console } from '../console/console.ts'
import { Vga } from '../console/vga.ts'
import type { Pattern } from '../console/wait.ts'
import type { WaitOptions } from '../core/deadline.ts'
import { BootstandError } from '../core/errors.ts'

interface ScreenMatchers {
  /**
   * Waits until the VGA or a console's screen shows a text within one row, wherever it stands. Await it.
   *
   * @param pattern A string, or a RegExp that is tried on each row.
   * @param options `within`: milliseconds, 30,000 by default.
   */
  toShow(pattern: Pattern, options?: WaitOptions): Promise<void>
}

declare module 'vitest' {
  // The parameter and its default must be vitest's own.
  // oxlint-disable-next-line typescript/no-explicit-any, eslint/no-unused-vars
  interface Matchers<T = any> extends ScreenMatchers {}
}

expect.extend({
  async toShow(received: unknown, pattern: Pattern, options?: WaitOptions) {
    if (this.isNot) {
      throw new BootstandError(
        'BOOTSTAND_MATCHER',
        'usage',
        'expect(console).not.toShow(…) has no end to wait for. Await what should be shown instead.',
      )
    }
    if (!(received instanceof Console || received instanceof Vga)) {
      throw new BootstandError(
        'BOOTSTAND_MATCHER',
        'usage',
        'toShow expects a console or a screen, such as target.herc or target.vga.',
      )
    }
    // Its own error shows the screen, and keeps the culprit.
    await received.waitToShow(pattern, options)
    return { pass: true, message: () => '' }
  },
})
