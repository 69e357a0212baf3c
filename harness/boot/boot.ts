import type { Image } from '../bootset/images.ts'
import { BootstandError } from '../core/errors.ts'
import { silently } from '../guests/guests.ts'
import { standInFolder } from '../host/stand-ins.ts'
import type { BootMethod } from '../media/medium.ts'
import { methodFor } from './grub-menu.ts'
import { prepareBoot } from './prepare.ts'
import type { Scenario } from './scenario.ts'
import { beginningOf, bootIn, type Target, type WatchOptions } from './start.ts'
import type { VerdictImage } from './verdict.ts'

/** How a scenario is booted this time. */
export interface BootOptions extends WatchOptions {
  /** What the run is called, in its folder's name and its verdict; the scenario's title otherwise. */
  readonly name?: string
  /** Directory with the images; the scenario's own guests otherwise. */
  readonly images?: string | undefined
  /** `iso` by default; for a menu that is booted as it is, the medium that it names. */
  readonly method?: BootMethod | undefined
}

/**
 * Boots a scenario: finds and checks its files, builds the medium, switches a machine on.
 *
 * @returns a running target; dispose or `stop` it.
 * @throws {BootstandError} that names the culprit, when it cannot be booted.
 */
export const boot = async <Role extends string>(
  scenario: Scenario<Role>,
  options: BootOptions = {},
): Promise<Target<Role>> => {
  const { name = scenario.title, method = methodFor(scenario) } = options
  const begins = beginningOf(options)
  if (begins === 'menu' && method === 'direct') throw noMenu()
  const prepare = async (folder: string) => {
    const own = await ownGuests(scenario, options)
    const directory = own ?? standInFolder
    const { images, menu, medium } = await prepareBoot(scenario, {
      images: directory,
      method,
      folder,
      waits: begins === 'menu',
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
  return await bootIn({ name, machine: scenario.machine }, prepare, options)
}

/** Directory of the images, where they are not the stand-ins. */
export const ownGuests = async (
  { guests }: Pick<Scenario, 'guests'>,
  { images }: Pick<BootOptions, 'images'>,
): Promise<string | undefined> => images ?? (await guests?.bring(silently))

const noMenu = (): BootstandError =>
  new BootstandError(
    'BOOTSTAND_METHOD',
    'usage',
    "Expected a method with a menu for from: 'menu', found direct: QEMU's own loader has none. Boot by iso.",
  )

/** An image, for a verdict. */
export const describeImage = ({
  role,
  path: found,
  size,
  sha256,
  arguments: words,
}: Image): VerdictImage => ({
  role,
  path: found,
  size,
  sha256,
  arguments: words,
})
