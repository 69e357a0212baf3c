import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { smallDisk } from '../test-tools/small-disk.ts'
import { folder, bootstand, bootstandProcess, output, useSandbox } from '../test-tools/sandbox.ts'

useSandbox()

describe('build', () => {
  test('that a signal ends leaves nothing behind', async () => {
    const between = path.join(folder, 'tmp')
    fs.mkdirSync(between)
    const words = ['build', 'pingpong', '--medium', 'disk', '-o', path.join(folder, 'disk.img')]
    const running = bootstandProcess(words, undefined, { env: { TMPDIR: between } })
    const work = () => fs.readdirSync(between).filter((it) => it.startsWith('bootstand-'))
    await expect.poll(work, { interval: 5 }).toHaveLength(1)
    running.kill('SIGINT')
    expect((await running).exitCode).toBe(130)
    expect(work()).toEqual([])
  })

  test('writes an image that boots, and says how to use it', async () => {
    const file = path.join(folder, 'pingpong.img')
    const built = await bootstand([
      'build',
      'pingpong',
      '--medium',
      'disk',
      '--fs',
      'fat',
      '-o',
      file,
    ])
    expect(built.exitCode).toBe(0)
    const sha256 = createHash('sha256').update(fs.readFileSync(file)).digest('hex')
    const [first, second, third, fourth] = built.stdout.split('\n')
    expect(first).toBe(`${file}  ${fs.statSync(file).size} bytes (stand-in guests)`)
    expect(second).toBe(`sha256 ${sha256}`)
    expect(third).toBe(
      `To a USB stick or disk, all of which it overwrites: sudo dd if=${file} of=/dev/sdX bs=1M conv=fsync`,
    )
    expect(fourth).toMatch(/^In an emulator: qemu-system-i386 .* -drive file=\S+,if=ide -boot c$/)
    const running = bootstandProcess(['boot', '--disk', file, '--memory', '32'])
    await output(running, 's: print SQLite table')
    running.stdin.write('\x1d')
    const result = await running
    expect(result.stderr).toContain(`${file} (never written), console com1. Ctrl-] leaves.`)
    expect(result.exitCode).toBe(0)
  })

  test.for([
    ['iso', 'xorriso -as cdrecord -v dev=/dev/sr0'],
    ['floppy', 'sudo dd'],
    ['disk', 'sudo dd'],
  ] as const)('quotes a path in the line for a %s', async ([medium, program]) => {
    const file = path.join(folder, "my pingpong's image")
    const built = await bootstand(['build', 'pingpong', '--medium', medium, '-o', file])
    const line = built.stdout.split('\n').find((it) => it.startsWith('To a '))!
    const command = line.slice(line.indexOf(program))
    const { stdout } = await execa('sh', ['-c', `printf '%s\\n' ${command}`])
    const word = medium === 'iso' ? file : `if=${file}`
    expect(stdout.split('\n')).toContain(word)
  })

  test('a full disk is the fault of the host', async ({ skip }) => {
    const disk = path.join(folder, 'disk')
    fs.mkdirSync(disk)
    const unmount = smallDisk(disk, '64K')
    skip(unmount === undefined, 'only the superuser may mount a disk')
    try {
      const file = path.join(disk, 'x.iso')
      const result = await bootstand(['build', 'pingpong', '-o', file])
      expect(result).toMatchObject({ exitCode: 3, stdout: '' })
      expect(result.stderr).toBe(
        `bootstand: Cannot write ${file}: no space is left on the device. Name another place with -o FILE.`,
      )
    } finally {
      unmount?.()
    }
  })

  test('gives programs one JSON document', async () => {
    const file = path.join(folder, 'pingpong.iso')
    const { stdout } = await bootstand(['build', 'pingpong', '-o', file, '--json'])
    expect(JSON.parse(stdout)).toEqual({
      file,
      size: fs.statSync(file).size,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      notes: [],
      line: expect.stringContaining(`-drive file=${file},format=raw,media=cdrom,readonly=on`),
    })
  })
})
