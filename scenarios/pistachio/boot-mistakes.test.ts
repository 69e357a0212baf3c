import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pistachio } from 'bootstand'
import { expect, standIns, test } from 'bootstand/testing'

const { bootSet, ...rest } = pistachio({ rootTask: 'pingpong' })
const [kernel, sigma0, rootTask] = bootSet.modules

/** Pistachio with other modules than kickstart expects, unchecked: the mistakes are to be booted. */
const withModules = (...modules: (typeof kernel)[]) => ({
  ...rest,
  bootSet: {
    ...bootSet,
    modules: modules.map((module) => ({ ...module!, format: 'any' as const })),
  },
})

/** A directory with the stand-ins, of which one is a text file. */
const imagesWithText = (name: string): string => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-mistakes-'))
  fs.cpSync(standIns, folder, { recursive: true })
  fs.writeFileSync(path.join(folder, name), 'not a program\n')
  return folder
}

test('without a root task kickstart gives up', async ({ boot }) => {
  const target = await boot(withModules(kernel, sigma0), { images: standIns })
  await expect(target.herc).toPrint('PANIC: FAIL in line 167')
})

test.for([
  ['ia32-kernel', 'PANIC: FAIL in line 329'],
  ['sigma0', ' sigma0  PANIC: FAIL in line 162'],
  ['pingpong', ' roottaskPANIC: FAIL in line 163'],
] as const)(
  'a text file as %s is refused by kickstart',
  async ([name, words], { boot, onTestFinished }) => {
    const images = imagesWithText(name)
    onTestFinished(() => fs.rmSync(images, { recursive: true }))
    const target = await boot(withModules(kernel, sigma0, rootTask), { images })
    await expect(target.herc).toPrint(words)
  },
)

test('sigma0 and the root task swapped boot all the same: pingpong runs as sigma0', async ({
  boot,
}) => {
  const target = await boot(withModules(kernel, rootTask, sigma0), { images: standIns })
  await expect(target.herc).toPrint('Pingpong started c0001')
})

test('a machine with too little memory stops in the debugger', async ({ boot }) => {
  const target = await boot(pistachio({ rootTask: 'pingpong', memory: 16 }), { images: standIns })
  await expect(target.herc).toPrint('--- "KD# kmem_alloc: out of kernel memory" ---')
})
