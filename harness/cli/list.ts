import { shortPath } from '../host/paths.ts'
import { findScenarioFiles, loadScenarios } from './catalogue.ts'
import type { JsonFlag } from './flags.ts'

/** `bootstand list`: every scenario with its title and file. */
export const list = async (flags: JsonFlag): Promise<void> => {
  const scenarios = await loadScenarios(await findScenarioFiles())
  const rows = scenarios.map(({ name, scenario, file }) => ({
    name,
    title: scenario.title,
    file: shortPath(file.file),
  }))
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
    return
  }
  const widths = {
    name: Math.max(...rows.map((row) => row.name.length)),
    title: Math.max(...rows.map((row) => row.title.length)),
  }
  for (const { name, title, file } of rows) {
    process.stdout.write(`${name.padEnd(widths.name)}  ${title.padEnd(widths.title)}  ${file}\n`)
  }
}
