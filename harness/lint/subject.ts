import type { MenuEntry, MenuFile } from '../formats/menu/menu-file.ts'
import { commandsOf } from '../formats/menu/menu-file.ts'
import { parseFileName } from '../formats/menu/pieces/file-name.ts'
import { parseImageArguments, type ImageArguments } from '../formats/menu/pieces/image.ts'
import type { Word } from '../formats/menu/span.ts'
import type { CommandStatement } from '../formats/menu/statement.ts'
import { look, type Look } from './look.ts'
import type { LintContext, Medium, MediumFile } from './medium.ts'

/** A menu with what can be known of each of its entries. */
export interface Subject {
  readonly file: MenuFile
  readonly context: LintContext
  readonly entries: readonly EntryView[]
}

/** What an entry would boot. */
export interface EntryView {
  readonly entry: MenuEntry
  readonly commands: readonly CommandStatement[]
  /** Its lines that load a file, of whatever kind. */
  readonly images: readonly ImageView[]
  /** Its last `kernel`, if there is one. */
  readonly kernel: ImageView | undefined
  /** What `module` and `modulenounzip` load behind it, in order; it has dropped any before. */
  readonly modules: readonly ImageView[]
  /** Whether the kernel is kickstart: by its bytes or, if they tell nothing, by its name. */
  readonly isKickstart: boolean
}

/** A line that loads a file. */
export interface ImageView {
  readonly command: CommandStatement
  readonly image: ImageArguments
  /** The path on the medium, without a device; nothing for a block list or a malformed name. */
  readonly path: string | undefined
  /** What the file should be on, if the context knows it. */
  readonly medium: Medium | undefined
  readonly file: MediumFile | undefined
  /** What GRUB loads: the file's bytes, unzipped but for `modulenounzip`. */
  readonly bytes: Buffer | undefined
  readonly look: Look | undefined
}

export const subjectOf = (file: MenuFile, context: LintContext): Subject => ({
  file,
  context,
  entries: file.entries.map((entry) => viewEntry(entry, context)),
})

const viewEntry = (entry: MenuEntry, context: LintContext): EntryView => {
  const commands = commandsOf(entry.statements)
  const images = viewImages(commands, context)
  const views = images.filter(({ command: { name } }) => multibootLoaders.has(name ?? ''))
  const kernelAt = views.findLastIndex((it) => it.command.name === 'kernel')
  const [kernel, modules] = [views[kernelAt], views.slice(kernelAt + 1)]
  return { entry, commands, images, kernel, modules, isKickstart: isKickstart(kernel) }
}

const multibootLoaders = new Set(['kernel', 'module', 'modulenounzip'])

const loaders = new Set([...multibootLoaders, 'initrd', 'chainloader', 'configfile', 'splashimage'])

const isKickstart = (kernel: ImageView | undefined): boolean => {
  const seen = kernel?.look ?? 'other'
  if (seen !== 'other') return seen === 'kickstart'
  return /(?:^|\/)kickstart[^/]*$/.test(kernel?.path ?? '')
}

/** What GRUB has chosen before a line. */
interface Chosen {
  /** By the last `root`. */
  readonly device: string | undefined
  /** The first `kernel` before the line. */
  readonly kernel: CommandStatement | undefined
}

/** Looks at an entry's lines in one pass, with what those before each have chosen. */
const viewImages = (
  commands: readonly CommandStatement[],
  context: LintContext,
): readonly ImageView[] => {
  let chosen: Chosen = { device: undefined, kernel: undefined }
  const views: ImageView[] = []
  for (const command of commands) {
    const { name, words } = command
    if (loaders.has(name ?? '')) views.push(viewImage(command, chosen, context))
    if (name === 'root' || name === 'rootnoverify')
      chosen = { ...chosen, device: deviceOf(words[0]) }
    if (name === 'kernel') chosen = { ...chosen, kernel: chosen.kernel ?? command }
  }
  return views
}

const viewImage = (command: CommandStatement, chosen: Chosen, context: LintContext): ImageView => {
  const image = parseImageArguments(command)
  const name = image.file === undefined ? undefined : parseFileName(image.file).value
  const medium = mediumOf(image.file, chosen, context)
  const file = name?.path === undefined ? undefined : medium?.find(name.path)
  const bytes = command.name === 'modulenounzip' ? file?.stored : file?.bytes
  const seen = bytes === undefined ? undefined : look(bytes)
  return { command, image, path: name?.path, medium, file, bytes, look: seen }
}

/** The medium of a file, by the device before its name, or by the last `root` before its line. */
const mediumOf = (
  file: Word | undefined,
  { device: chosen, kernel }: Chosen,
  { root, devices }: LintContext,
): Medium | undefined => {
  const own = deviceOf(file)
  const home = chosen ?? (kernel === undefined ? own : deviceOf(parseImageArguments(kernel).file))
  const isHere = own === undefined || own === home
  return devices?.get(own ?? chosen ?? '') ?? (isHere ? root : undefined)
}

/** A device such as `(hd0,1)`; nothing for `()`, which is the one that `root` has chosen. */
const deviceOf = (word: Word | undefined): string | undefined =>
  /^\([^)]+\)/.exec(word?.text ?? '')?.[0]
