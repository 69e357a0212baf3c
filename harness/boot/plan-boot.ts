import type { Image } from '../bootset/images.ts'
import { silently } from '../guests/guests.ts'
import { standInFolder } from '../host/stand-ins.ts'
import type { BootMethod } from '../media/medium.ts'
import type { BootPlan } from './plan.ts'
import { prepareBoot } from './prepare.ts'
import type { Scenario } from './scenario.ts'
import type { VerdictImage } from './verdict.ts'

/** How a scenario's medium is made this time. */
interface PlanOptions {
  readonly name: string
  /** Directory with the images; the scenario's own guests otherwise. */
  readonly images?: string | undefined
  readonly method: BootMethod
  /** Whether GRUB waits at a generated menu. */
  readonly waits: boolean
  /** The run's. */
  readonly folder: string
}

/** Finds and checks a scenario's files and builds its medium, whatever it will boot on. */
export const planBoot = async <Role extends string>(
  scenario: Scenario<Role>,
  { name, images: given, method, waits, folder }: PlanOptions,
): Promise<BootPlan<Role>> => {
  const own = await ownGuests(scenario, { images: given })
  const { images, menu, medium } = await prepareBoot(scenario, {
    images: own ?? standInFolder,
    method,
    folder,
    waits,
  })
  return {
    name,
    guests: own ?? 'stand-ins',
    method,
    machine: scenario.machine,
    consoles: scenario.consoles,
    profile: scenario.profile,
    resumes: scenario.resumes,
    menu,
    medium,
    images: images.map(describeImage),
    files: images,
  }
}

/** Directory of the images, where they are not the stand-ins. */
export const ownGuests = async (
  { guests }: Pick<Scenario, 'guests'>,
  { images }: Pick<PlanOptions, 'images'>,
): Promise<string | undefined> => images ?? (await guests?.bring(silently))

/** An image, for a verdict. */
export const describeImage = ({
  role,
  name,
  path: found,
  size,
  sha256,
  unzipped,
  arguments: words,
}: Image): VerdictImage => ({
  role,
  name,
  path: found,
  size,
  sha256,
  ...(unzipped !== undefined && { unzipped }),
  arguments: words,
})
