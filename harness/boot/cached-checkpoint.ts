import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { systemCode } from '../core/errors.ts'
import { markAsUsed, removeForgotten } from '../host/forgotten.ts'
import { explainingDisk } from '../host/run-folder.ts'
import { sha256OfBytes, sha256OfFile } from '../host/hash.ts'
import { ownCodeKey } from '../host/own-code.ts'
import { cacheFolder } from '../host/paths.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { boot, type BootOptions } from './boot.ts'
import { describeImage, ownGuests } from './plan-boot.ts'
import { assertCheckpointable, ingredients, type Checkpoint } from './checkpoint.ts'
import { readCheckpoint, writeCheckpoint } from '../run-folder/checkpoint-file.ts'
import { methodFor } from './grub-menu.ts'
import { bootContent } from './prepare.ts'
import type { Scenario } from './scenario.ts'
import { beginningOf } from './start.ts'
import type { Target } from './target.ts'

/** Where checkpoints are kept from one run to the next; anybody may empty it. */
const folder = path.join(cacheFolder, 'checkpoints')

/**
 * A checkpoint of a scenario, from the cache where one was made by the same of everything: images, menu, machine,
 * profile, what the kernel prints, QEMU, harness, name, and the text of `reach`. Otherwise it boots, and keeps the checkpoint there.
 *
 * @param name As for `target.checkpoint`.
 * @param reach Brings a boot to where the checkpoint is to be. What it refers to outside of itself is not
 *   looked at: put what matters into it, or into the name.
 * @param bootBy How it is booted.
 * @throws as `boot`, `reach` and `target.checkpoint` do.
 */
export const cachedCheckpoint = async <Role extends string>(
  scenario: Scenario<Role>,
  name: string,
  reach: (target: Target<Role>) => Promise<unknown>,
  options: BootOptions = {},
  bootBy: typeof boot = boot,
): Promise<Checkpoint> => {
  const { method = methodFor(scenario), profile = 'fast' } = options
  assertCheckpointable(name, method, profile)
  const directory = (await ownGuests(scenario, options)) ?? standInFolder
  const begins = beginningOf(options)
  const content = await bootContent(scenario, directory, method, begins === 'menu')
  const plan = { ...scenario, ...content, method, images: content.images.map(describeImage) }
  const holdsFor = await ingredients(plan, profile)
  const { profile: patterns, resumes } = scenario
  const key = [await ownCodeKey(), name, begins, resumes, patterns, String(reach), holdsFor]
  const place = path.join(folder, sha256OfBytes(JSON.stringify(key, inWords)).slice(0, 32))
  // One that was removed in part, or damaged, is made anew.
  const kept = (await isIntact(place)) ? readIfIntact(place) : undefined
  if (kept !== undefined) {
    await markAsUsed(place)
    return kept
  }
  await removeForgotten(folder)
  await using target = await bootBy(scenario, options)
  await reach(target)
  return await keep(await target.checkpoint(name), place)
}

const sumsName = 'SHA256SUMS'

/** As `sha256sum *` writes them. */
const sumsOf = async (place: string): Promise<string> => {
  const names = (await fs.readdir(place)).filter((it) => it !== sumsName).toSorted()
  const lines = names.map(
    async (name) => `${await sha256OfFile(path.join(place, name))}  ${name}\n`,
  )
  return (await Promise.all(lines)).join('')
}

const isIntact = async (place: string): Promise<boolean> => {
  const sums = await fs.readFile(path.join(place, sumsName), 'utf8').catch(() => undefined)
  return sums !== undefined && sums === (await sumsOf(place))
}

/** A checkpoint that is missing or damaged is made anew. */
const readIfIntact = (place: string): Checkpoint | undefined => {
  try {
    return readCheckpoint(place)
  } catch {
    return undefined
  }
}

/** JSON has no patterns. */
const inWords = (_name: string, value: unknown): unknown =>
  value instanceof RegExp ? String(value) : value

/** Copies a checkpoint to its place, where another run may be putting the same. */
const keep = async (checkpoint: Checkpoint, place: string): Promise<Checkpoint> => {
  const unfinished = `${place}.${randomBytes(3).toString('hex')}`
  const copy = { ...checkpoint, folder: unfinished }
  const write = async () => {
    if (!(await isIntact(place))) await fs.rm(place, { recursive: true, force: true })
    // It holds the guest's memory.
    await fs.mkdir(unfinished, { recursive: true, mode: 0o700 })
    await fs.cp(checkpoint.folder, unfinished, { recursive: true })
    await writeCheckpoint(copy)
    await fs.writeFile(path.join(unfinished, sumsName), await sumsOf(unfinished))
    await fs.rename(unfinished, place).catch((error: unknown) => {
      // Whoever comes second has made the same.
      if (!['EEXIST', 'ENOTEMPTY'].includes(systemCode(error) ?? '')) throw error
    })
  }
  try {
    await explainingDisk(unfinished, write, 'checkpoint')
  } finally {
    await fs.rm(unfinished, { recursive: true, force: true })
  }
  // Of what lies there now, whoever made it; where it is gone again, whoever uses it is told.
  return readIfIntact(place) ?? { ...copy, folder: place }
}
