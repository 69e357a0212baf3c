import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { menuOf } from '../bootset/entry.ts'
import { findImages, imageList, type Images } from '../bootset/images.ts'
import { pistachio } from '../boot/pistachio.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { toolPath } from '../host/tools.ts'
import { buildMedium } from '../media/build.ts'
import { isoOptions } from '../media/iso.ts'
import { bootMethods, grubRoots, type BootMethod, type FileSystem } from '../media/medium.ts'
import { compare, printComparison } from './statistics.ts'

const rounds = 10
const scenario = pistachio({ rootTask: 'pingpong' })

/** Building each medium, beside xorriso alone with the same options. */
export const media = async (directory: string | undefined): Promise<void> => {
  const images = await findImages(scenario.bootSet, directory ?? standInFolder)
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'bootstand-media-'))
  try {
    const staged = await build(folder, images, 'iso')
    const contenders = {
      'xorriso alone, files in place': async () => await xorrisoAlone(staged.root, folder),
      ...Object.fromEntries(
        bootMethods.map((method) => [
          method,
          async () => (await build(folder, images, method)).time,
        ]),
      ),
      'disk, FAT16': async () => (await build(folder, images, 'disk', 'fat')).time,
    }
    const samples = await compare(contenders, rounds)
    const whose = directory === undefined ? 'stand-ins' : 'user images'
    printComparison(`building a boot medium of pingpong, ${whose}`, samples)
  } finally {
    await fs.rm(folder, { recursive: true })
  }
}

let builds = 0

const build = async (
  parent: string,
  images: Images,
  method: BootMethod,
  fileSystem?: FileSystem,
): Promise<{ root: string; time: number }> => {
  const folder = path.join(parent, String(builds++))
  await fs.mkdir(folder)
  const menu = menuOf(scenario.title, images, {
    speed: scenario.speed,
    root: grubRoots[method],
  }).print()
  const started = performance.now()
  const { workingDirectory } = await buildMedium(method, {
    images: imageList(images),
    menu,
    folder,
    fileSystem,
  })
  return { root: workingDirectory, time: performance.now() - started }
}

const xorrisoAlone = async (root: string, folder: string): Promise<number> => {
  const xorriso = await toolPath('xorriso')
  const image = path.join(folder, 'peer.iso')
  await fs.rm(image, { force: true })
  const started = performance.now()
  await execa(xorriso, [...isoOptions, '-o', image, root], { stdin: 'ignore' })
  return performance.now() - started
}
