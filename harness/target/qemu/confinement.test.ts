import fs from 'node:fs'
import path from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test, vi } from 'vitest'
import { boot } from '../../boot/boot.ts'
import { pistachio } from '../../boot/pistachio.ts'
import { processesIn } from '../../host/processes.ts'
import { forgetTools, toolPath } from '../../host/tools.ts'
import { bootMethods } from '../../media/medium.ts'
import { pathWith } from '../../test-tools/programs.ts'
import { folder, useRuns } from '../../test-tools/runs.ts'

useRuns()

const emulatorOf = (runFolder: string) => {
  const [id] = processesIn(runFolder)
  const read = (name: string) => fs.readFileSync(`/proc/${id}/${name}`, 'latin1')
  const states = read('status').matchAll(/^(?<name>\w+):\s+(?<value>\S+)/gm)
  return {
    words: read('cmdline').split('\0'),
    state: new Map([...states].map(({ groups }) => [groups!['name'], groups!['value']])),
  }
}

/** As proc(5) counts: a filter decides on each system call. */
const filtered = '2'

test.for(bootMethods)(
  'by %s QEMU is in its sandbox, and the guest reaches no network',
  async (method) => {
    await using target = await boot(pistachio({ rootTask: 'pingpong' }), { method })
    await target.herc.waitFor('s: print SQLite table', { within: 60_000 })
    const { words, state } = emulatorOf(target.runFolder)
    expect(state.get('Seccomp')).toBe(filtered)
    expect(state.get('NoNewPrivs')).toBe('1')
    const reached = words.filter((it) => /^(?:user|tap|bridge|vde),/.test(it))
    expect(reached.every((it) => /^user,.*\brestrict=on\b/.test(it))).toBe(true)
    expect(words.join(' ')).not.toMatch(/-nic |virtfs|-fsdev|virtio-9p|vhost-user/)
  },
)

test('ports that a scenario forwards are reached from this host only', async () => {
  const scenario = pistachio({ rootTask: 'pingpong' })
  const machine = { ...scenario.machine, network: { forward: [7] } }
  await using target = await boot({ ...scenario, machine }, { method: 'direct' })
  const [network] = emulatorOf(target.runFolder).words.filter((it) => it.startsWith('user,'))
  expect(network).toBe('user,id=lan,restrict=on,hostfwd=tcp:127.0.0.1:0-:7')
})

test('a QEMU without a sandbox boots all the same, also by hand', async () => {
  const qemu = await toolPath('qemu-system-i386')
  const refusal = 'qemu-system-i386: -sandbox support is not enabled in this QEMU binary'
  const script = `case "$*" in *-sandbox*) echo '${refusal}' >&2; exit 1 ;; esac
exec ${qemu} "$@"`
  vi.stubEnv('PATH', pathWith(folder, { 'qemu-system-i386': script }))
  forgetTools()
  onTestFinished(() => {
    vi.unstubAllEnvs()
    forgetTools()
  })
  await using target = await boot(pistachio({ rootTask: 'pingpong' }), { method: 'direct' })
  await target.herc.waitFor('s: print SQLite table')
  expect(emulatorOf(target.runFolder).state.get('Seccomp')).not.toBe(filtered)
  const run = execa('sh', [path.join(target.runFolder, 'qemu.sh')], { stdin: 'pipe' })
  for await (const line of run.iterable())
    if (line.includes('s: print SQLite table')) run.stdin.write('\x01x')
  expect((await run).exitCode).toBe(0)
})
