import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { markAsRunning } from '../host/run-folder.ts'
import {
  bootstand,
  bootstandProcess,
  folder,
  output,
  runFolders,
  useSandbox,
  writeProject,
} from '../test-tools/sandbox.ts'

useSandbox()

const scenario = (consoles: string) =>
  `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTask: 'rt-tick', consoles: ${consoles} })\n`

test('a run is followed from another terminal, and its end is told', async () => {
  writeProject(scenario("['herc', 'ttyS1']"))
  const booted = bootstandProcess(['boot', 'mine', '--method', 'direct'], folder)
  await output(booted, 'Launching kernel')
  const following = bootstandProcess(['tail'], folder)
  const seen: string[] = []
  for await (const line of following.iterable()) {
    seen.push(line)
    if (seen.filter((it) => it.includes('tick')).length === 3) booted.stdin.write('\x1d')
  }
  const result = await following
  expect(seen[0]).toMatch(/^herc {2}\| KickStart/)
  expect(result.stderr).toContain('finished: nothing was awaited')
  expect(result.exitCode).toBe(0)
  const shown = await booted
  expect(shown.stdout).toMatch(/^herc {2}\| KickStart/m)
  expect(shown.stderr).toContain(
    'consoles herc, ttyS1. Keys go to herc; Ctrl-^ takes the next one.',
  )
})

test('a run without an emulator, such as a board’s, is followed until who runs it is gone', async () => {
  const [run, vanished] = ['run', 'vanished'].map((it) => path.join(folder, 'runs', it))
  fs.mkdirSync(run!, { recursive: true })
  fs.symlinkSync('nowhere', vanished!)
  fs.writeFileSync(path.join(run!, 'herc.out'), 'one\n')
  await markAsRunning(run!)
  const following = bootstandProcess(['tail'], folder)
  await output(following, 'one')
  for (const line of ['two', 'three', 'four', 'five', 'six', 'seven']) {
    fs.appendFileSync(path.join(run!, 'herc.out'), `${line}\n`)
    await output(following, line)
  }
  // Killed; its id is another process's now.
  fs.writeFileSync(path.join(run!, 'running'), `${process.pid} 1\n`)
  const { exitCode, stderr } = await following
  expect(stderr).toMatch(/^no verdict: what ran it was killed/m)
  expect(exitCode).toBe(0)
})

test('keys go to the next console on request', async () => {
  writeProject(scenario("['herc', 'ttyS1']"))
  const booted = bootstandProcess(['boot', 'mine', '--method', 'direct'], folder)
  await output(booted, 'Launching kernel')
  booted.stdin.write('a\x1eb\x1e\x1d')
  const result = await booted
  expect(result.stderr).toMatch(/Keys go to ttyS1\.[^]*Keys go to herc\./)
  const [run] = runFolders()
  const cast = (role: string) =>
    fs.readFileSync(path.join(folder, 'runs', run!, `${role}.cast`), 'utf8')
  expect(cast('herc')).toContain('"i","a"')
  expect(cast('ttyS1')).toContain('"i","b"')
})

test('what is no run is answered in a sentence', async () => {
  const none = await bootstand(['tail', 'pingpong'], { cwd: folder })
  expect(none).toMatchObject({ exitCode: 2, stdout: '' })
  expect(none.stderr).toContain('Expected a run folder, or a run called like "pingpong", in')
  const wrong = await bootstand(['tail', folder])
  expect(wrong.stderr).toContain('found no console (*.out) in it.')
})
