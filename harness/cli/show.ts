import { output } from '../host/output.ts'
import { methodFor } from '../boot/grub-menu.ts'
import { interactiveLineOf, mutePorts } from '../boot/by-hand.ts'
import { prepareBoot } from '../boot/prepare.ts'
import { formatSize } from '../core/text.ts'
import { printJson } from './print.ts'
import { shellLine } from '../target/qemu/command-line.ts'
import { parseBootMethod } from '../media/build.ts'
import { findScenario } from './catalogue.ts'
import type { BootFlags } from './flags.ts'
import { guestsFor } from './guests.ts'
import { keptMedium } from './kept-medium.ts'

/** `bootstand show`: what a scenario would boot, with a line that boots it by hand. */
export const show = async (name: string, flags: BootFlags): Promise<void> => {
  const found = await findScenario(name)
  const method = parseBootMethod(flags.method) ?? methodFor(found.scenario)
  const guests = await guestsFor(flags.images, found.scenario)
  const { made: prepared, pathOf } = await keptMedium(
    async (folder) =>
      await prepareBoot(found.scenario, { images: guests.directory, method, folder }),
  )
  const { images, medium } = prepared
  const machine = interactiveLineOf(found.scenario, medium.qemuArguments)
  const line = `(${shellLine(['cd', pathOf(medium.workingDirectory)])} && ${machine})`
  if (flags.json === true) {
    const files = images.map(({ bytes: _, ...image }) => image)
    return printJson({
      name: found.name,
      method,
      guests: guests.label,
      menu: prepared.menu,
      files,
      notes: prepared.medium.notes,
      line,
    })
  }
  const heading = (text: string) => output.style('bold', text)
  const files = images.map(
    ({ role, size, sha256, path: origin }) =>
      `  ${role.padEnd(10)} ${formatSize(size).padStart(10)}  ${sha256}  ${origin}`,
  )
  output.write(
    [
      heading(`menu.lst (${method}, ${guests.label})`),
      prepared.menu,
      heading('Files'),
      ...files,
      ...prepared.medium.notes.map((note) => `  ${note}`),
      '',
      heading('By hand, with COM1 on the terminal (Ctrl-A X leaves)'),
      line,
      ...mutePorts(found.scenario.consoles),
      '',
    ].join('\n'),
  )
}
