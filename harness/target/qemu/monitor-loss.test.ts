import fs from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { boot } from '../../boot/boot.ts'
import { pistachio } from '../../boot/pistachio.ts'
import type { WaitError } from '../../console/wait-error.ts'
import { processesIn } from '../../host/processes.ts'
import { pathWith } from '../../test-tools/programs.ts'
import { folder, useRuns } from '../../test-tools/runs.ts'

/** Stands between QEMU and its monitor's socket, and cuts the line when a file says so. */
const relay = `
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
const words = process.argv.slice(2).map((it) => it.replace('path=../qmp.sock', 'path=../relay.sock'))
net.createServer((qemu) => {
  const harness = net.connect('../qmp.sock')
  qemu.pipe(harness).pipe(qemu)
  const cut = setInterval(() => {
    if (!fs.existsSync('../cut')) return
    clearInterval(cut)
    qemu.destroy()
    harness.destroy()
  }, 5)
}).listen('../relay.sock', () => {
  const qemu = spawn('/usr/bin/qemu-system-i386', words, { stdio: 'inherit' })
  qemu.on('close', (status) => process.exit(status ?? 1))
  process.on('SIGTERM', () => qemu.kill('SIGKILL'))
})
`

useRuns()

test('a monitor that hangs up while QEMU runs on is no failure of the guest', async ({ skip }) => {
  skip(!fs.existsSync('/usr/bin/qemu-system-i386'), 'QEMU is elsewhere')
  const script = path.join(folder, 'relay.mjs')
  fs.writeFileSync(script, relay)
  const emulator = `case "$*" in
  *qmp.sock*) exec '${process.execPath}' '${script}' "$@" ;;
  *) exec /usr/bin/qemu-system-i386 "$@" ;;
esac`
  vi.stubEnv('PATH', pathWith(folder, { 'qemu-system-i386': emulator }))
  onTestFinished(() => void vi.unstubAllEnvs())
  const target = await boot(pistachio({ rootTask: 'rt-tick' }), { method: 'direct' })
  await target.herc.waitFor('tick 1')
  const wait = target.herc.waitFor('never').catch((error: unknown) => error as WaitError)
  fs.writeFileSync(path.join(target.runFolder, 'cut'), '')
  const what = 'QEMU failed: its monitor hung up while it ran'
  await expect(wait).resolves.toMatchObject({ failure: 'ended', culprit: 'host' })
  await expect(target.ended).resolves.toMatchObject({ kind: 'emulator-failed', what })
  await expect(target.stop()).resolves.toMatchObject({
    outcome: 'emulator-failed',
    culprit: 'host',
    summary: what,
  })
  expect(processesIn(target.runFolder)).toEqual([])
})
