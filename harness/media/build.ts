import { typedChoice } from '../core/typed.ts'
import type { ToolName } from '../host/tools.ts'
import { buildDirect, directArguments } from './direct.ts'
import { buildDisk, diskArguments, diskName, diskTools } from './disk.ts'
import { buildFloppy, floppyArguments, floppyName, floppyTools } from './floppy.ts'
import { buildIso, isoArguments, isoName, isoTools } from './iso.ts'
import {
  bootMethods,
  type BootMethod,
  type LoadedFile,
  type Medium,
  type MediumParts,
} from './medium.ts'
import { buildNetwork, networkArguments, networkTools } from './network.ts'

interface Builder {
  readonly build: (parts: MediumParts) => Promise<Medium>
  /** The outside programs whose versions a verdict names. */
  readonly tools: readonly ToolName[]
  /** Name of the finished image in the run's folder. */
  readonly image?: string
  /** What QEMU is told about the medium, in the run folder's `medium`. */
  readonly arguments: (images: readonly LoadedFile[]) => readonly string[]
}

const builders: Record<BootMethod, Builder> = {
  direct: { build: buildDirect, tools: [], arguments: directArguments },
  iso: {
    ...{ build: buildIso, tools: isoTools, image: isoName },
    arguments: () => isoArguments(`../${isoName}`),
  },
  floppy: {
    ...{ build: buildFloppy, tools: floppyTools, image: floppyName },
    arguments: () => floppyArguments(`../${floppyName}`),
  },
  disk: {
    ...{ build: buildDisk, tools: diskTools, image: diskName },
    arguments: () => diskArguments(`../${diskName}`),
  },
  network: { build: buildNetwork, tools: networkTools, arguments: () => networkArguments },
}

/** Builds the boot medium of a method into the run's folder. */
export const buildMedium = async (method: BootMethod, parts: MediumParts): Promise<Medium> =>
  await builders[method].build(parts)

/**
 * Describes the medium that a method has built into a run's folder, from what a verdict says of it.
 *
 * @throws {BootstandError} when nothing is loaded, and the method needs a kernel.
 */
export const builtMedium = (
  method: BootMethod,
  images: readonly LoadedFile[],
): Pick<Builder, 'image'> & Pick<Medium, 'qemuArguments'> => {
  const { image, arguments: words } = builders[method]
  return { ...(image !== undefined && { image }), qemuArguments: words(images) }
}

/** The outside programs that a method takes. */
export const methodTools = (method: BootMethod): readonly ToolName[] => builders[method].tools

/** Takes a method's name, where there is one, from a command line or the environment. */
export const parseBootMethod = (name: string | undefined): BootMethod | undefined => {
  return name === undefined ? undefined : typedChoice('boot method', name, bootMethods)
}
