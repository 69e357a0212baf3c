import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Verdict } from '../boot/verdict.ts'
import { cacheFolder } from '../host/paths.ts'
import { originalOf } from '../cli/minimise/original.ts'
import { repeatLines } from './repeat-lines.ts'
import type { RunInput } from '../evidence/run-input.ts'

/** What a run leaves. */
const runLeft = (changes: Partial<Verdict>, menu?: string): RunInput => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-repeat-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  if (menu !== undefined) fs.writeFileSync(path.join(folder, 'menu.lst'), menu)
  const verdict = {
    ...{
      scenario: 'mine',
      method: 'disk',
      profile: 'fast',
      guests: '/there',
      machine: { memory: 64 },
    },
    ...{ images: [{ role: 'kernel', arguments: '' }], consoles: { serial: ['com1'] }, ...changes },
  }
  return { folder, verdict } as unknown as RunInput
}

/** What a run on a board leaves. */
const onBoard = (changes: Partial<Verdict>, menu?: string): RunInput =>
  runLeft({ board: 'pc1', ...changes }, menu)

test('a run on a board is repeated on that board', () => {
  const menu = 'title mine\nkernel /mine\n'
  expect(repeatLines(onBoard({ test: 'prints' }, menu))).toEqual([
    'npx bootstand run mine --images DIR --board pc1',
  ])
  expect(repeatLines(onBoard({}, menu))).toEqual([
    'npx bootstand boot --menu RUN/menu.lst --root DIR --board pc1',
  ])
  const resident = { guests: 'what is on the board', images: [] }
  expect(repeatLines(onBoard(resident))).toEqual(['npx bootstand boot mine --board pc1'])
})

test('a run is repeated by its clock, and with packages where it had those', () => {
  const debian = path.join(cacheFolder, 'packages/xen')
  const run = runLeft({
    test: 'prints',
    method: 'direct',
    profile: 'deterministic',
    guests: debian,
  })
  expect(repeatLines(run)).toEqual([
    'npx bootstand run mine --method direct --profile deterministic',
  ])
})

test('a machine that is not the usual one is asked for again', () => {
  const machine = { architecture: 'x86_64', memory: 128, processors: 2, cpu: 'core2duo' } as const
  const consoles = { serial: ['com1', 'com2'] }
  const menu = 'title mine\nkernel /mine\n'
  expect(repeatLines(runLeft({ method: 'iso', machine, consoles }, menu))).toEqual([
    'npx bootstand boot --menu RUN/menu.lst --root DIR --method iso --memory 128 --processors 2 --cpu core2duo --architecture x86_64 --ports 2',
  ])
})

test('a run on a board is not minimised in QEMU', async () => {
  await expect(originalOf(onBoard({ outcome: 'crashed' }))).rejects.toThrow(
    /^Expected a run in QEMU at .*; found one on board pc1\. Minimise boots in QEMU only/,
  )
})
