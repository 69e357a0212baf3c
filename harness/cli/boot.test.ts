import path from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import {
  folder,
  bootstandProcess,
  emulators,
  writeProject,
  scenarioOf,
  command,
  useSandbox,
} from '../testing/sandbox.ts'

useSandbox()

describe('boot', () => {
  test('puts the console on this terminal and passes keys on', async () => {
    const running = bootstandProcess(['boot', 'pingpong', '--method', 'direct'])
    const seen: string[] = []
    for await (const line of running.iterable({ from: 'stdout', preserveNewlines: true })) {
      seen.push(line)
      if (line.includes('s: print SQLite table')) running.stdin.write('2')
      if (line.includes('IPC (63 MRs)')) running.stdin.write('\x1d')
    }
    const result = await running
    expect(result.exitCode).toBe(0)
    expect(seen.filter((line) => line.includes(' MRs): '))).toHaveLength(64)
    expect(result.stderr).toContain('The machine was switched off.')
  })

  test('ends when its reader has gone away', async () => {
    writeProject(scenarioOf('rt-tick'))
    const line = `${command} boot mine | head -1`
    const env = { BOOTSTAND_RUNS: path.join(folder, 'runs') }
    const result = await execa('sh', ['-c', line], { cwd: folder, env, timeout: 20_000 })
    expect(result.stderr).toContain('The machine was switched off.')
    expect(emulators()).toEqual([])
  })

  test('ends by itself when the guest does', async () => {
    const running = bootstandProcess(['boot', 'faults/tripleFault', '--method', 'direct'])
    const result = await running
    expect(result.stderr).toContain('the guest reset itself by a triple fault')
    expect(result.exitCode).toBe(0)
  })
})
