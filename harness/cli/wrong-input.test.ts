import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { standInFolder } from '../host/stand-ins.ts'
import {
  folder,
  bootstand,
  runFolders,
  writeProject,
  testOf,
  useSandbox,
  type Surroundings,
} from '../test-tools/sandbox.ts'

useSandbox()

describe('a wrong command line or file is answered in a sentence, with status 2', () => {
  const wrong = async (words: readonly string[], surroundings?: Surroundings) => {
    const result = await bootstand(words, surroundings)
    expect(result.all).not.toMatch(/^\s+at /m)
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(runFolders()).toEqual([])
    return result.stderr
  }

  test('an unknown verb', async () => {
    expect(await wrong(['shwo'])).toContain("error: unknown command 'shwo'\n(Did you mean show?)")
  })

  test('an unknown option', async () => {
    expect(await wrong(['run', '--jsno'])).toContain('(Did you mean --json?)')
  })

  test('a misspelt scenario', async () => {
    expect(await wrong(['run', 'pingpnog'])).toContain(
      'bootstand: No scenario is called "pingpnog". Did you mean "pingpong"? There are: ',
    )
  })

  test('a scenario of a file that has several', async () => {
    expect(await wrong(['run', 'faults/spin'])).toContain(
      '"faults/spin" names no scenario file. faults is one: its tests run together.',
    )
    expect(await wrong(['show', 'faults/spinn'])).toContain('Did you mean "faults/spin"?')
  })

  test('an unknown boot method or profile', async () => {
    expect(await wrong(['run', 'pingpong', '--profile', 'replay'])).toBe(
      'bootstand: Expected a profile to boot under; under `replay` a recorded run goes again: npx bootstand replay [run].',
    )
    expect(await wrong(['run', 'pingpong', '--record', '--profile', 'deterministic'])).toBe(
      'bootstand: Expected no --profile or BOOTSTAND_PROFILE beside --record, which is the profile record; found deterministic.',
    )
    expect(await wrong(['run', 'pingpong', '--method', 'isso'])).toBe(
      'bootstand: Unknown boot method "isso". Expected one of: direct, iso, floppy, disk, network. Did you mean "iso"?',
    )
  })

  test.for([
    [['build', 'pingpong'], "required option '-o, --output <file>' not specified"],
    [
      ['build', 'pingpong', '-o', 'x', '--medium', 'direct'],
      '"direct" cannot be written to a file',
    ],
    [['build', 'pingpong', '-o', 'x', '--medium', 'network'], '"network" cannot be written to a'],
    [
      ['build', 'pingpong', '-o', 'x', '--medium', 'cd'],
      'Unknown medium "cd". Expected one of: iso',
    ],
    [['build', 'pingpong', '-o', 'x', '--fs', 'fat'], '--fs goes with --medium disk, not iso.'],
    [['build', 'pingpong', '-o', '/'], 'Expected a file to write at /, found a directory.'],
    [['build', 'pingpong', '-o', '/dev/null'], 'write at /dev/null, found a device.'],
    [
      ['build', 'pingpong', '-o', '/nowhere/x'],
      'Cannot write /nowhere/x: its folder is not there.',
    ],
    [['coverage', 'pingpong', '--lcov', '/'], 'Expected a file to write at /, found a directory.'],
    [
      ['coverage', 'pingpong', '--lcov', '/nowhere/x'],
      'Cannot write /nowhere/x: its folder is not there. Name another place with --lcov FILE.',
    ],
    [['baseline', 'save', 'pingpong', '-o', '/dev/null'], 'write at /dev/null, found a device.'],
    [
      ['baseline', 'save', 'pingpong', '-o', '/nowhere/x'],
      'Cannot write /nowhere/x: its folder is not there. Name another place with -o FILE.',
    ],
    [
      ['baseline', 'check', 'pingpong', '-o', '/'],
      'of pingpong in /, found a directory. Name another place',
    ],
    [['boot'], 'Expected a scenario, --disk FILE or --menu FILE; found nothing.'],
    [
      ['boot', '--disk', 'x', '--memory', '1G'],
      'Expected a whole number of MiB from 1 to 3584 behind --memory, found "1G".',
    ],
    [
      ['boot', '--disk', 'x', '--processors', '256'],
      'Expected a whole number from 1 to 255 behind --processors, found "256".',
    ],
    [['boot', '--disk', 'package.json'], 'has no boot sector (55 AA at byte 510) and is no ISO'],
  ] as const)('%s', async ([words, sentence]) => {
    expect(await wrong(words)).toContain(sentence)
  })

  test('an images directory without sigma0', async () => {
    for (const name of ['kickstart', 'ia32-kernel', 'pingpong']) {
      fs.copyFileSync(path.join(standInFolder, name), path.join(folder, name))
    }
    expect(await wrong(['run', 'pingpong', '--images', folder])).toContain(
      `bootstand: No sigma0 in ${folder}: tried sigma0, sigma0.gz`,
    )
  })

  describe('a scenario file of the user', () => {
    const mine = async () => await wrong(['run', 'mine'], { cwd: folder })

    test('with a type error, or a matcher that does not exist', async () => {
      writeProject(
        `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTsk: 'pingpong' })\n`,
        testOf(`await expect(target.herc).toPrnt('x')`),
      )
      const message = await mine()
      expect(message).toContain('type check of the scenario files failed; nothing was booted.')
      expect(message).toMatch(
        /scenarios\/mine\.ts\(2,\d+\): error TS2561: .*'rootTsk'.*Did you mean to write 'rootTask'\?/,
      )
      expect(message).toMatch(/mine\.test\.ts\(5,\d+\): error TS\d+: .*'toPrnt'.*/)
    })

    test('with values that no type can refuse, such as a file name that GRUB would cut', async () => {
      writeProject(`import { pistachio } from 'bootstand'
export default pistachio({ rootTask: 'my task', memory: -1, processors: 1.5 })
`)
      const message = await mine()
      expect(message).toContain('pistachio(…) was given options that it cannot take')
      expect(message).toContain('expected a whole number of processors, 1 to 255; found 1.5')
      expect(message).toContain('expected the name of a file, without blanks or slashes')
    })

    test('that exports nothing', async () => {
      writeProject(`export const nothing = 1\n`)
      expect(await mine()).toContain('scenarios/mine.ts exports no scenario.')
    })
  })
})
