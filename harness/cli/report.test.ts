import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../host/paths.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { failedBoot } from '../test-tools/failed-boot.ts'
import {
  bootstand,
  folder,
  runFolders,
  scenarioOf,
  testOf,
  useSandbox,
  writeProject,
} from '../test-tools/sandbox.ts'

useSandbox()

/** A directory of images that a test may change. */
const copyImages = (): string => {
  const images = path.join(folder, 'images')
  fs.cpSync(standInFolder, images, { recursive: true })
  return images
}

/** The lines below a heading, without their indentation. */
const section = (text: string, heading: string): string => {
  const from = text.indexOf(`\n${heading}\n`)
  expect(from).not.toBe(-1)
  return text.slice(from, text.indexOf('\n\n', from + 1) + 1)
}

test('a crash is reported as the L4Linux page demands it, as data, and to a file', async () => {
  writeProject(scenarioOf('rt-ud2'), testOf("await expect(target.herc).toPrint('never')"))
  const words = ['run', 'mine', '--method', 'direct', '--images', copyImages()]
  await bootstand([...words, '--no-record-failures'], { cwd: folder })
  const [run] = runFolders()
  const { stdout, stderr, exitCode } = await bootstand(['report'])
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  expect(stdout.split('\n')[0]).toMatch(/^Pistachio: invalid opcode in rt-ud2, main\+0x[0-9a-f]+$/)
  expect(section(stdout, 'Microkernel')).toMatch(
    /name +L4Ka::Pistachio stand-in\n +version +unknown: neither/,
  )
  expect(section(stdout, 'Microkernel')).toMatch(
    /built +Jan {2}1 2026 00:00:00\n +loader +KickStart/,
  )
  const compilers = section(stdout, 'Compilers')
  expect(compilers).toMatch(/microkernel gcc version \S+ \(its banner\); its file: GCC: /)
  expect(compilers).toMatch(/root task +rt-ud2: GCC: .* \d+\.\d+\.\d+$/m)
  const configuration = section(stdout, 'Configuration')
  expect(configuration).toMatch(
    /emulator +qemu-system-i386 \d.*\n +memory +64 MiB\n +processors +1,/,
  )
  expect(configuration).toContain('    kernel /kickstart\n    module /ia32-kernel\n')
  expect(configuration).toMatch(/rt-ud2 \(root task\), \d+ bytes\n +sha256 [0-9a-f]{64}$/m)
  expect(section(stdout, 'Symptoms')).toMatch(
    /outcome +crashed\n +culprit +guest\n +in short +herc/,
  )
  expect(section(stdout, 'Captured output')).toContain('  | --- "KD# invalid opcode" ---\n')
  expect(section(stdout, 'Captured output')).toContain(`run folder ${run}.`)
  const addresses = section(stdout, 'Addresses')
  expect(addresses).toMatch(/where +rt-ud2, main\+0x[0-9a-f]+, inlined task \(rt-ud2\.c:\d+\)/)
  expect(addresses).not.toContain('boot information: ')
  const answers = section(stdout, "The debugger's answers")
  expect(answers).toContain('- thread: ')
  expect(answers).toContain('- boot-information: boot information: ')
  expect(section(stdout, 'Advice')).toContain('- gcc makes an undefined instruction')
  expect(section(`${stdout}\n\n`, 'How to repeat')).toContain(
    'npx bootstand run mine --images DIR --method direct\n  cd RUN/medium && qemu-system-i386 ',
  )
  expect(stdout).not.toContain(folder)
  const prose = stdout.split('\n').filter((it) => !it.startsWith('  | '))
  expect(prose.filter((it) => it.length > 78)).toEqual([])

  const data = await bootstand(['report', 'mine', '--json'])
  expect(JSON.parse(data.stdout)).toMatchObject({
    microkernel: { name: 'L4Ka::Pistachio stand-in', compiler: expect.stringMatching(/^gcc/) },
    symptoms: { outcome: 'crashed', culprit: 'guest' },
    crashes: [[{ reason: 'invalid opcode' }]],
    findings: [{ id: 'null-pointer-maybe' }],
  })
  const file = path.join(folder, 'report.txt')
  const written = await bootstand(['report', 'mine', '-o', file])
  expect(written).toMatchObject({ exitCode: 0, stdout: '' })
  expect(fs.readFileSync(file, 'utf8')).toBe(`${stdout}\n`)
  const refused = await bootstand(['report', '-o', folder])
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
  expect(refused.stderr).toBe(
    `bootstand: Cannot write ${folder}: it is a directory. Name another place with --output FILE.`,
  )
})

test('what the run does not say is unknown, and files are those of the run alone', async () => {
  const images = copyImages()
  const run = await failedBoot({ rootTask: 'rt-ud2' }, { images })
  fs.rmSync(path.join(images, 'sigma0'))
  fs.appendFileSync(path.join(images, 'rt-ud2'), 'built again')
  const changed = (await bootstand(['report'])).stdout
  expect(changed).toMatch(/where +rt-ud2, main/)
  fs.rmSync(path.join(run, 'medium'), { recursive: true })
  const lost = (await bootstand(['report'])).stdout
  expect(lost).toContain('root task   rt-ud2: unknown: the run has no copy of it as it was booted')
  expect(lost).toContain('sigma0      sigma0: unknown: the run has no copy of it as it was booted')
  expect(lost).toMatch(/where +the root task at 0x[0-9a-f]+$/m)
  const given = (await bootstand(['report', '--images', standInFolder])).stdout
  expect(given).toMatch(/where +rt-ud2, main/)
  fs.rmSync(path.join(run, 'verdict.json'))
  fs.rmSync(path.join(run, 'menu.lst'))
  fs.writeFileSync(path.join(run, 'herc.out'), '')
  const nothing = await bootstand(['report'])
  expect(nothing.exitCode).toBe(0)
  expect(nothing.stdout).toContain('name        unknown: the consoles have no banner of a kernel')
  expect(nothing.stdout).toContain('outcome     unknown: the run has left no verdict.json')
  expect(nothing.stdout).toContain('menu entry  unknown: the run has kept no menu')
  expect(nothing.stdout).toContain('herc printed nothing.')
  // The script beside it is the sender's.
  expect(nothing.stdout).not.toContain('qemu.sh && ')
  expect(section(`${nothing.stdout}\n\n`, 'How to repeat')).not.toContain('qemu-system')
})

test('the version is read from the interface page, where the debugger has shown it', async () => {
  const log = path.join(packageRoot, 'fixtures/recordings/pistachio/kdb-rt-kdbenter.log')
  const run = path.join(folder, 'somebodys')
  fs.mkdirSync(run)
  fs.copyFileSync(log, path.join(run, 'herc.out'))
  const { stdout } = await bootstand(['report', run])
  expect(section(stdout, 'Microkernel')).toMatch(
    /name +L4Ka::Pistachio\n +version +0\.4\.0\n +built +Nov 21 2026 07:59:49\n +loader +KickStart, 0\.13\.06\n/,
  )
})

test('a word that means no run is answered in a sentence', async () => {
  const result = await bootstand(['report', 'norun'])
  expect(result).toMatchObject({ exitCode: 2, stdout: '' })
  expect(result.stderr).toContain('Expected a run folder, or a run called like "norun"')
})
