import { output } from '../host/output.ts'
import fs from 'node:fs/promises'
import { printable } from '../core/printable.ts'
import { printableJson } from '../core/terminal-text.ts'
import path from 'node:path'
import { writeError } from '../host/place-file.ts'
import { bugReport } from '../report/bug-report.ts'
import { bugReportText } from '../report/bug-report-text.ts'
import type { ReportFlags } from './flags.ts'
import { runInput } from '../evidence/run-input.ts'
import { findRun } from '../evidence/find-run.ts'

/** `bootstand report`: a run as a bug report, to paste into a mail. */
export const report = async (name: string | undefined, flags: ReportFlags): Promise<void> => {
  const written = await bugReport(await runInput(findRun(name), flags))
  const text =
    flags.json === true ? `${printableJson(written, 2)}\n` : printable(bugReportText(written))
  if (flags.output === undefined) {
    output.write(text)
    return
  }
  await fs.writeFile(path.resolve(flags.output), text).catch((error: unknown) => {
    throw writeError(flags.output!, error, 'Name another place with --output FILE.')
  })
}
