import { typedChoice } from '../core/typed.ts'
import type { ToolName } from '../host/tools.ts'
import { buildDirect } from './direct.ts'
import { buildDisk, diskTools } from './disk.ts'
import { buildFloppy, floppyTools } from './floppy.ts'
import { buildIso, isoTools } from './iso.ts'
import { bootMethods, type BootMethod, type Medium, type MediumParts } from './medium.ts'
import { buildNetwork, networkTools } from './network.ts'

interface Builder {
  readonly build: (parts: MediumParts) => Promise<Medium>
  /** The outside programs whose versions a verdict names. */
  readonly tools: readonly ToolName[]
}

const builders: Record<BootMethod, Builder> = {
  direct: { build: buildDirect, tools: [] },
  iso: { build: buildIso, tools: isoTools },
  floppy: { build: buildFloppy, tools: floppyTools },
  disk: { build: buildDisk, tools: diskTools },
  network: { build: buildNetwork, tools: networkTools },
}

/** Builds the boot medium of a method into the run's folder. */
export const buildMedium = async (method: BootMethod, parts: MediumParts): Promise<Medium> =>
  await builders[method].build(parts)

/** The outside programs that a method takes. */
export const methodTools = (method: BootMethod): readonly ToolName[] => builders[method].tools

/** Takes a method's name, where there is one, from a command line or the environment. */
export const parseBootMethod = (name: string | undefined): BootMethod | undefined => {
  return name === undefined ? undefined : typedChoice('boot method', name, bootMethods)
}
