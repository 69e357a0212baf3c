import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { bootstand, folder, scenarioOf, useSandbox, writeProject } from '../test-tools/sandbox.ts'

useSandbox()

test('coverage tells which functions a scenario reaches, and which lines', async () => {
  const file = path.join(folder, 'pingpong.info')
  const result = await bootstand(['coverage', 'pingpong', '--missing', '--lcov', file])
  expect(result.exitCode).toBe(0)
  const [heading, ...rows] = result.stdout.split('\n\n')[0]!.split('\n')
  expect(heading).toMatch(/^image +functions +bytes$/)
  const row = (image: string) =>
    new RegExp(`^${image} +[1-9]\\d* of \\d+ \\(\\d+ %\\) +[1-9]\\d* of \\d+ \\(\\d+ %\\)$`)
  for (const [index, image] of ['kickstart', 'ia32-kernel', 'sigma0', 'pingpong'].entries())
    expect(rows[index]).toMatch(row(image))
  const [, kernel] = /in ia32-kernel .*\n((?: .*\n)+)/.exec(result.stdout)!
  // Nobody enters its debugger; messages cross, and it has come from physical addresses to virtual ones.
  expect(kernel).toMatch(/^ {2}0xf01\w{5} +[1-9]\d* {2}dump_boot_info$/m)
  expect(kernel).not.toMatch(/ (?:ipc|transfer|_start|kernel_main)$/m)

  const records = fs.readFileSync(file, 'utf8').split('end_of_record\n')
  const record = (source: string) => records.find((it) => it.includes(`\nSF:${source}\n`))
  const [, line] = /^FN:(\d+),ipc$/m.exec(record('./kernel/ipc.c')!)!
  expect(record('./kernel/ipc.c')).toContain(`\nFNF:2\nFNH:2\nDA:`)
  expect(record('./kernel/ipc.c')).toContain(`\nDA:${line},1\n`)
  expect(record('./kernel/debugger-boot.c')).toMatch(/^FNDA:0,dump_boot_info$/m)
})

test('several boots count together, whatever they boot besides', async () => {
  writeProject(
    scenarioOf('rt-kdbenter'),
    `import { pistachio } from 'bootstand'
import { expect, test } from 'bootstand/testing'
import mine from './mine.ts'
test('one enters the debugger, the other waits', async ({ boot }) => {
  const entering = await boot(mine)
  await expect(entering.herc).toPrint('hello from roottask')
  const waiting = await boot(pistachio({ rootTask: 'pingpong' }))
  await expect(waiting.herc).toPrint('s: print SQLite table')
})
`,
  )
  const words = ['coverage', 'mine', '--method', 'direct', '--json']
  const result = await bootstand(words, { cwd: folder })
  const { runs, images } = JSON.parse(result.stdout) as {
    readonly runs: string[]
    readonly images: { image: string; functions: { name: string; reached: number }[] }[]
  }
  expect(runs).toHaveLength(2)
  const reached = new Map(
    images.flatMap(({ image, functions }) =>
      functions.map((it) => [`${image} ${it.name}`, it.reached > 0] as const),
    ),
  )
  expect(images.map((it) => it.image).toSorted()).toEqual([
    'ia32-kernel',
    'kickstart',
    'pingpong',
    'rt-kdbenter',
    'sigma0',
  ])
  // Of the kernel, the one brings the debugger; of the programs, each its own.
  expect(reached.get('ia32-kernel debugger_trap')).toBe(true)
  expect(reached.get('pingpong serial_get')).toBe(true)
  expect(reached.get('pingpong main')).toBe(true)
  expect(reached.get('rt-kdbenter main')).toBe(true)
  expect(reached.get('ia32-kernel reset')).toBe(false)
})
