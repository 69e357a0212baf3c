import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { elfSymbols } from '../formats/elf-symbols.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { packageRoot } from '../host/paths.ts'
import { failedBoot } from '../test-tools/failed-boot.ts'
import { bootstand, folder, useSandbox } from '../test-tools/sandbox.ts'

useSandbox()

const recording = (name: string) => path.join(packageRoot, 'fixtures/recordings', name)

test('a log that somebody mails is explained, without any image', async () => {
  const result = await bootstand(['explain', recording('pistachio/kdb-rt-kmem.log')])
  expect(result).toMatchObject({ exitCode: 0, stderr: '' })
  expect(result.stdout).toMatch(
    /kdb-rt-kmem\.log:64: Pistachio: kmem_alloc: out of kernel memory in the kernel at 0xf010b5c2$/m,
  )
  expect(result.stdout).toMatch(/^ {2}phase +root task$/m)
  expect(result.stdout).toContain('  | --- "KD# kmem_alloc: out of kernel memory" ---')
  expect(result.stdout).toMatch(/kdb-rt-kmem\.log:64: Advice: .* kmem=64M/)
  expect(result.stdout).toMatch(/kdb-rt-kmem\.log:129: Pistachio: assertion "space" failed/)
})

test.for([
  ['pistachio/kickstart-root-on-sigma0.log', 'its link address lies on sigma0'],
  [
    'grub-legacy/menu-drawn.log',
    'GRUB stopped with error 15 (File not found) at "module /nothere"',
  ],
  ['linux-6.1/sysrq-crash.log', 'Linux: sysrq triggered crash in sysrq_handle_crash+0x16'],
] as const)('%s is explained in words', async ([name, words]) => {
  const { stdout } = await bootstand(['explain', recording(name)])
  expect(stdout).toContain(words)
})

test('where no file and no load line says whose an address is, the usual layout does, with its source', async () => {
  const { stdout } = await bootstand([
    'explain',
    recording('pistachio/20-err-kernel-direct-nokickstart.log'),
  ])
  expect(stdout).toMatch(
    /^ {2}where +0xf010fde8, typically the kernel \(L4Ka's notes on L4Linux-2\.4, Decomposing\)$/m,
  )
})

test('advice stands with the lines that show it', async () => {
  const log = recording('linux-6.1/linux-noconsole.log')
  const { stdout } = await bootstand(['explain', log])
  expect(stdout).toMatch(
    /^ {2}seen +line 92: .* console \[tty0\] enabled\n {13}line 93: .* bootconsole \[earlyser0\] disabled$/m,
  )
})

test('the same stop again is counted', async () => {
  const { stdout } = await bootstand(['explain', recording('pistachio/kdb-rt-pf-high.log')])
  expect(stdout).toMatch(/^ {2}touched +0xf0100000$/m)
  expect(stdout).toMatch(/^ {2}again +at line 101$/m)
})

test('a log without a stop says what was looked for', async () => {
  const result = await bootstand(['explain', recording('pistachio/01-pingpong-tcg.log')])
  expect(result.exitCode).toBe(0)
  expect(result.stdout).toMatch(/no stop found\. Looked for errors of GRUB, failures of kickstart,/)
})

test('a run is explained with the images that it booted', async () => {
  const crashed = await failedBoot({ rootTask: 'rt-ud2' }, { images: standInFolder })
  const { stdout, stderr } = await bootstand(['explain', crashed])
  expect(stderr).toBe('')
  expect(stdout).toMatch(/herc\.out:\d+: Pistachio: invalid opcode in rt-ud2, main\+0x[0-9a-f]+$/m)
  const { logs } = JSON.parse((await bootstand(['explain', crashed, '--json'])).stdout)
  expect(logs[0].crashes[0]).toMatchObject({
    system: 'pistachio',
    kind: 'exception',
    reason: 'invalid opcode',
    identity: expect.stringMatching(/^[0-9a-f]{16}$/),
    where: { places: [{ image: 'rt-ud2', function: 'main' }] },
  })
  const reset = await failedBoot({ rootTask: 'rt-triplefault' }, { images: standInFolder })
  const advice = (await bootstand(['explain', reset])).stdout
  expect(advice).toMatch(/herc\.out:\d+: Advice: The processor failed to handle a fault/)
  expect(advice).toMatch(/^ {13}the verdict: the guest reset itself by a triple fault$/m)
})

test('C++ names are told as people write them', async () => {
  const bytes = fs.readFileSync(path.join(standInFolder, 'rt-ud2'))
  const main = elfSymbols(bytes).find((it) => it.name === 'main')!
  // The last of the file's strings are its symbols' names.
  bytes.write('_Z1x', bytes.lastIndexOf('\0main\0') + 1, 'latin1')
  const image = path.join(folder, 'in-c++')
  fs.writeFileSync(image, bytes)
  const log = path.join(folder, 'c++.log')
  const at = (main.address + 3).toString(16).padStart(8, '0')
  fs.writeFileSync(log, `e0019000: invalid opcode at IP ${at}\n`)
  const { stdout } = await bootstand(['explain', log, '--elf', image])
  expect(stdout).toMatch(/invalid opcode in in-c\+\+, x\+0x3( |$)/m)
})

test('an image that was not booted is not used, and this is said', async () => {
  const image = path.join(standInFolder, 'rt-ud2')
  const log = recording('pistachio/kdb-rt-ud2.log')
  const result = await bootstand(['explain', log, '--elf', image])
  expect(result.stdout).toContain('in the root task at 0x00400021')
  expect(result.stderr).toContain('None of the files is the root task that was booted: ')
})

test('what cannot be read is answered in a sentence, with status 2', async () => {
  const wrong = async (...words: string[]) => {
    const result = await bootstand(['explain', ...words], { cwd: folder })
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    return result.stderr
  }
  expect(await wrong('no.log')).toContain('Expected a log file or a run at no.log')
  expect(await wrong('norun')).toContain('Expected a run folder, or a run called like "norun"')
  expect(await wrong(folder)).toContain('found no console (*.out) in it.')
  const log = recording('pistachio/kdb-rt-ud2.log')
  expect(await wrong(log, '--elf', 'gone')).toMatch(/ELF file .*gone/)
  expect(await wrong(log, '--elf', log)).toContain('Expected an ELF file at')
  expect(await wrong(log, '--images', 'gone')).toContain("Cannot read the images' directory gone")
})
