import fs from 'node:fs/promises'
import path from 'node:path'
import { writeError } from '../host/place-file.ts'
import { bugReport } from '../report/bug-report.ts'
import { bugReportText } from '../report/bug-report-text.ts'
import type { ReportFlags } from './flags.ts'
import { runInput } from '../evidence/run-input.ts'
import { findRun } from '../evidence/find-run.ts'

/** `bootstand report`: a run as a bug report, to paste into a mail. */
export const report = async (name: string | undefined, flags: ReportFlags): Promise<void> => {
  const written = await bugReport(await runInput(findRun(name)))
  const text =
    flags.json === true ? `${JSON.stringify(written, null, 2)}\n` : bugReportText(written)
  if (flags.output === undefined) {
    process.stdout.write(text)
    return
  }
  await fs.writeFile(path.resolve(flags.output), text).catch((error: unknown) => {
    throw writeError(flags.output!, error, 'Name another place with --output FILE.')
  })
}
