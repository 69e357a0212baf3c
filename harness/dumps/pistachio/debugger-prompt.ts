import type { Lines } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** A prompt of the kernel debugger that no banner announced. */
export interface DebuggerPrompt extends Told {
  readonly system: 'pistachio'
  readonly kind: 'debugger-prompt'
}

const prompt = /\x1b\[1m> \x1b\[0m\w*$/
const anyPrompt = /\x1b\[1m(?:\/[a-z]{1,20}){0,4}> \x1b\[0m(?<command>\w*)$/
const banner = /^-{33} \(eip=/

/**
 * The debugger opens without a banner at a breakpoint whose bytes it does not understand, such as the
 * one behind a program's `main`. Without its escape sequences a prompt looks like a quoted mail.
 */
export const readDebuggerPrompt: DumpReader<DebuggerPrompt> = (lines, at) =>
  prompt.test(lines[at]?.raw ?? '') && isNew(lines, at)
    ? {
        dump: {
          system: 'pistachio',
          kind: 'debugger-prompt',
          stop: true,
          summary:
            'the kernel debugger opened without a word: a breakpoint without a text, such as the one behind the end of main',
        },
        end: at + 1,
      }
    : undefined

/** Whether the guest ran since the last prompt. */
const isNew = (lines: Lines, at: number): boolean => {
  for (let before = at - 1; before >= 0; before -= 1) {
    const { text = '', raw = '' } = lines[before] ?? {}
    if (banner.test(text)) return false
    const command = anyPrompt.exec(raw)?.groups?.['command']
    if (command !== undefined) return command === 'go'
  }
  return true
}
