import { BootstandError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { buildDirect } from './direct.ts'
import { buildIso } from './iso.ts'
import { bootMethods, type BootMethod, type Medium, type MediumParts } from './medium.ts'

const builders: Record<BootMethod, (parts: MediumParts) => Promise<Medium>> = {
  direct: buildDirect,
  iso: buildIso,
}

/** Builds the boot medium of a method into the run's folder. */
export const buildMedium = async (method: BootMethod, parts: MediumParts): Promise<Medium> =>
  await builders[method](parts)

/** Takes a method's name from a command line or the environment. */
export const parseBootMethod = (name: string): BootMethod => {
  const method = bootMethods.find((it) => it === name)
  if (method !== undefined) return method
  throw new BootstandError(
    'BOOTSTAND_METHOD',
    'usage',
    `Unknown boot method "${name}". Expected one of: ${bootMethods.join(', ')}.${didYouMean(name, bootMethods)}`,
  )
}
