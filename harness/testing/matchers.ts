import { expect } from 'vitest'
import { Console, type PrintWaitOptions } from '../console/console.ts'
import { Vga } from '../console/vga.ts'
import type { Pattern } from '../console/wait.ts'
import type { WaitOptions } from '../core/deadline.ts'
import { BootstandError } from '../core/errors.ts'

interface ConsoleMatchers {
  /**
   * Waits until a console prints a text, from where the last wait on it ended. Await it.
   *
   * @param pattern A string, or a RegExp that is tried on one line at a time.
   * @param options `within`: milliseconds, 30,000 by default. `unless`: what must not come before.
   */
  toPrint(pattern: Pattern, options?: PrintWaitOptions): Promise<void>
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
  interface Matchers<T = any> extends ConsoleMatchers {}
}

// The errors of waits say more than a matcher could, and keep the culprit.
expect.extend({
  async toPrint(received: unknown, pattern: Pattern, options?: PrintWaitOptions) {
    if (this.isNot) throw endless('toPrint', 'come')
    if (!(received instanceof Console))
      throw misused('toPrint expects a console, such as target.herc.')
    await received.waitFor(pattern, options)
    return passed
  },
  async toShow(received: unknown, pattern: Pattern, options?: WaitOptions) {
    if (this.isNot) throw endless('toShow', 'be shown')
    if (!(received instanceof Console || received instanceof Vga))
      throw misused('toShow expects a console or a screen, such as target.herc or target.vga.')
    await received.waitToShow(pattern, options)
    return passed
  },
})

const passed = { pass: true, message: () => '' }

const endless = (matcher: string, happens: string): BootstandError =>
  misused(
    `expect(console).not.${matcher}(…) has no end to wait for. Await what should ${happens} instead.`,
  )

const misused = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_MATCHER', 'usage', message)
