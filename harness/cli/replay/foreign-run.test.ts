import fs from 'node:fs'
import path from 'node:path'
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { packageRoot } from '../../host/paths.ts'
import { runInput } from '../../evidence/run-input.ts'
import { repeatLines } from '../../report/repeat-lines.ts'
import { runs, useRuns } from '../../test-tools/runs.ts'
import { newReplayFolder } from './folder.ts'
import { replay } from './replay.ts'

useRuns()

/** A copy of a run that another user has sent. */
const mailed = (name: string): string => {
  const run = path.join(runs, name)
  fs.cpSync(path.join(packageRoot, 'fixtures/hostile/run', name), run, { recursive: true })
  return run
}

test.for([
  ['command-in-verdict', 'found "command"'],
  ['no-emulator', 'Expected a verdict that names the qemu-system-i386'],
  ['option-in-cpu', '"machine.cpu"'],
  ['image-outside', '"images[0].name"'],
  ['recorded-outside', 'to stay inside'],
] as const)('a replay of %s is rejected before QEMU starts', async ([name, words]) => {
  const run = mailed(name)
  await expect(replay(run, {})).rejects.toMatchObject({
    ...{ culprit: 'usage', exitStatus: 2 },
    message: expect.stringContaining(words),
  })
  expect(fs.readdirSync(run).filter((it) => it.startsWith('replay-'))).toEqual([])
})

test('a recording or a copy that is no regular file of the run is not opened', async () => {
  const run = mailed('script')
  fs.rmSync(path.join(run, 'recording'))
  execFileSync('mkfifo', [path.join(run, 'recording')])
  await expect(replay(run, {})).rejects.toMatchObject({ exitStatus: 2 })
  fs.mkdirSync(path.join(run, 'medium'))
  for (const [make, target] of [
    [() => execFileSync('mkfifo', [path.join(run, 'medium/ia32-kernel')]), 'a FIFO'],
    [() => fs.symlinkSync('/dev/zero', path.join(run, 'medium/ia32-kernel')), 'a device'],
    [() => fs.symlinkSync(import.meta.filename, path.join(run, 'medium/ia32-kernel')), 'a link'],
  ] as const) {
    make()
    const { images, booted } = await runInput(run)
    expect(images[0]!.found, target).toBeUndefined()
    expect(booted, target).toEqual([])
    fs.rmSync(path.join(run, 'medium/ia32-kernel'))
  }
})

test('a file that a verdict names outside of its run is read only below --images', async () => {
  const run = mailed('script')
  const file = path.join(run, 'verdict.json')
  const bytes = Buffer.from('the kernel')
  const elsewhere = path.join(path.dirname(runs), 'ia32-kernel')
  fs.writeFileSync(elsewhere, bytes)
  const { createHash } = await import('node:crypto')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const text = fs.readFileSync(file, 'utf8')
  fs.writeFileSync(
    file,
    text.replace('/nowhere/ia32-kernel', elsewhere).replace('0'.repeat(64), sha256),
  )
  expect((await runInput(run)).images[0]!.found).toBeUndefined()
  const { images } = await runInput(run, { images: path.dirname(runs) })
  expect(images[0]!.found?.path).toBe(elsewhere)
})

test('the commands that repeat a run are made of its fields, and a shell takes them as data', async () => {
  const script = repeatLines(await runInput(mailed('script')))
  expect(script.join('\n')).not.toContain('touch')
  expect(script.at(-1)).toMatch(/^cd RUN\/medium && qemu-system-i386 .* -kernel ia32-kernel/)
  const lines = repeatLines(await runInput(mailed('names-for-a-shell')))
  expect(lines.join('')).not.toMatch(/[\0-\x1f\x7f-\x9f]/)
  const run = lines.find((it) => it.startsWith('npx bootstand run'))!
  const asked = execFileSync('sh', ['-c', run.replace('npx bootstand run', 'printf %s')])
  expect(asked.toString()).toContain('$(touch /tmp/written)')
  expect(fs.existsSync('/tmp/written')).toBe(false)
})

test('a replay removes only folders of replays', async () => {
  const run = mailed('script')
  fs.symlinkSync(runs, path.join(run, 'replay-4194305-link'))
  await newReplayFolder(run)
  expect(fs.existsSync(run)).toBe(true)
})
