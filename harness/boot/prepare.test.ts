import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { standInFolder } from '../host/stand-ins.ts'
import { bootMethods } from '../media/medium.ts'
import { grubMenu, type GrubMenuOptions } from './grub-menu.ts'
import { prepareBoot } from './prepare.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-prepare-'))
  fs.mkdirSync(path.join(folder, 'root'))
  fs.mkdirSync(path.join(folder, 'run'))
  fs.copyFileSync(path.join(standInFolder, 'mute'), path.join(folder, 'root/mute'))
})

afterEach(() => fs.rmSync(folder, { recursive: true }))

const prepare = async (
  lines: string,
  method: (typeof bootMethods)[number],
  options: Partial<GrubMenuOptions> = {},
) => {
  const scenario = grubMenu({ menu: `title L4\n${lines}\n`, ...options })
  const [images, run] = [path.join(folder, 'root'), path.join(folder, 'run')]
  return await prepareBoot(scenario, { images, method, folder: run })
}

describe.for(bootMethods)('by %s', (method) => {
  test.for(['kernel', 'module', 'modulenounzip', 'initrd', 'chainloader', 'configfile'])(
    'a missing file of "%s" is named before the boot',
    async (command) => {
      const booting = prepare(`kernel /mute\n${command} /nothere`, method)
      await expect(booting).rejects.toMatchObject({
        exitStatus: 2,
        message: expect.stringContaining(`${command} /nothere`),
      })
      expect(fs.readdirSync(path.join(folder, 'run'))).toEqual([])
    },
  )
})

test('a missing file is allowed where a test wants to see what GRUB prints', async () => {
  const options = { missingFiles: 'allow' } as const
  await expect(prepare('kernel /mute\nmodule /nothere', 'iso', options)).resolves.toMatchObject({
    images: [{ name: 'mute' }],
  })
})

test.for([
  ['kernel /mute\nmodule /nothere', 'module /nothere'],
  ['kernel /mute\nmodule', 'module'],
  ['kernel (hd0)0+20', 'kernel (hd0)0+20'],
  ['module /mute', 'module /mute'],
] as const)("QEMU's own loader is not started without %j", async ([lines, named]) => {
  const booting = prepare(lines, 'direct', { missingFiles: 'allow' })
  await expect(booting).rejects.toMatchObject({
    exitStatus: 2,
    message: expect.stringContaining(named),
  })
})
