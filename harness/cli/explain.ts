import { errorOutput, output } from '../host/output.ts'
import { printJson } from './print.ts'
import { shortPath } from '../host/paths.ts'
import { explainInput, givenImages } from './explain-input.ts'
import { explainLog, type ExplainedLog } from '../evidence/explain-log.ts'
import { adviceText, crashText } from '../report/crash-text.ts'
import type { ExplainFlags } from './flags.ts'

/** What no log without a stop has. */
const lookedFor = [
  "errors of GRUB, failures of kickstart, faults, assertions and debugger entries of L4Ka::Pistachio, Linux' oopses",
  "and panics, failures of Fiasco and L4Re, GNU Mach's panics and its debugger, Xen's panics",
].join(' ')

/** `bootstand explain`: what stopped in a log file, or in a run. */
export const explain = async (name: string, flags: ExplainFlags): Promise<void> => {
  const { logs, booted, run, notes } = await explainInput(name)
  const given = givenImages(flags.images, flags.elf ?? [])
  const explained: ExplainedLog[] = []
  for (const log of logs) explained.push(await explainLog(log, booted, given, run))
  if (flags.json === true) return printJson({ lookedFor, notes, logs: explained })
  const said = [...notes, ...explained.flatMap((it) => it.notes)]
  output.write(explained.map(logText).join('\n'))
  errorOutput.write([...new Set(said)].map((it) => `${it}\n`).join(''))
}

const logText = ({ log, crashes, findings }: ExplainedLog): string => {
  const file = shortPath(log)
  const identities = [...new Set(crashes.map((it) => it.identity))]
  const stops = identities
    .map((identity) => crashes.filter((it) => it.identity === identity))
    .map((same) => crashText(file, same))
  const none = `${file}: no stop found. Looked for ${lookedFor}.\n`
  return [
    ...(stops.length === 0 ? [none] : stops),
    ...findings.map((it) => adviceText(file, it)),
  ].join('\n')
}
