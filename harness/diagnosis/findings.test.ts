import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { findingsIn } from './findings.ts'

const folder = path.join(import.meta.dirname, '../../fixtures/recordings')
const recording = (name: string) => fs.readFileSync(path.join(folder, name), 'latin1')

test.for([
  ['pistachio/20-err-mem16.log', 'kernel-memory-exhausted', /kmem=/],
  ['pistachio/20-err-swapped-sigma0-root.log', 'modules-swapped', /in this order/],
  ['pistachio/20-err-kernel-direct-nokickstart.log', 'no-kickstart', /names kickstart/],
  ['pistachio/kickstart-root-on-sigma0.log', 'image-overlaps', /0x00400000/],
  ['pistachio/10-rt-nullderef.log', 'null-pointer-maybe', /page 0/],
  ['linux-2.4/no-console.log', 'no-initial-console', /mknod/],
] as const)('%s is advised: %s', ([name, id, words]) => {
  const text = recording(name)
  const [finding, ...others] = findingsIn(text)
  expect(others).toStrictEqual([])
  expect(finding).toMatchObject({ id, advice: expect.stringMatching(words) })
  expect(finding!.source).not.toBe('')
  expect(text.split('\n')[finding!.line - 1]).toMatch(/\S/)
})

test('two boots in one log are a reset', () => {
  const boot = 'KickStart 0.13.06\nLaunching kernel ...\n'
  expect(findingsIn(boot)).toStrictEqual([])
  expect(findingsIn(boot + boot)).toMatchObject([{ id: 'machine-reset', line: 3 }])
})

test('the line of a ramdisk is known with its prefix', () => {
  const line = 'vmlinuz | <3>RAMDISK: image too big! (3072KiB/1000KiB)'
  expect(findingsIn(line)).toMatchObject([{ id: 'ramdisk-too-big', line: 1 }])
})

test.for(['pistachio/01-pingpong-tcg.log', 'linux-6.1/null-jump.log'])('%s needs none', (name) => {
  expect(findingsIn(recording(name))).toStrictEqual([])
})

test('every source in this repository exists', () => {
  const sources = fs.readdirSync(path.join(folder, 'pistachio'))
  const names = sources.flatMap((it) =>
    findingsIn(recording(`pistachio/${it}`)).map((f) => f.source),
  )
  for (const name of names.join(' ').match(/fixtures\/\S+\.log/g) ?? [])
    expect(fs.existsSync(path.join(folder, '../..', name)), name).toBe(true)
})
