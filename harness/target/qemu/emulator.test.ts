import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Emulator } from './emulator.ts'

/** Answers as QEMU's monitor does, and takes its time to leave. */
const slow = `
import net from 'node:net'
import { createInterface } from 'node:readline'
const socket = net.connect('../qmp.sock')
createInterface({ input: socket }).on('line', (line) => {
  const { execute, id } = JSON.parse(line)
  socket.write(JSON.stringify({ return: {}, id }) + '\\n')
  if (execute === 'quit') setTimeout(() => process.exit(0), 2500)
})
`

const { PATH, BOOTSTAND_SLOWNESS } = process.env
let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-emulator-'))
  const script = path.join(folder, 'slow.mjs')
  fs.writeFileSync(script, slow)
  const wrapper = `#!/bin/sh
[ "$1" = --version ] && echo 'QEMU emulator version 7.2.0' && exit
exec '${process.execPath}' '${script}'
`
  fs.writeFileSync(path.join(folder, 'qemu-system-i386'), wrapper, { mode: 0o755 })
  process.env['PATH'] = `${folder}:${PATH}`
})

afterEach(() => {
  process.env['PATH'] = PATH
  process.env['BOOTSTAND_SLOWNESS'] = BOOTSTAND_SLOWNESS
  fs.rmSync(folder, { recursive: true })
})

test('a slow host has longer until its QEMU has left in order', async () => {
  process.env['BOOTSTAND_SLOWNESS'] = '10'
  const workingDirectory = path.join(folder, 'medium')
  fs.mkdirSync(workingDirectory)
  const emulator = await Emulator.start({
    ...{ folder, workingDirectory, program: 'qemu-system-i386', arguments: [] },
    onEvent: () => {},
  })
  await expect(emulator.stop()).resolves.toEqual({ status: 0, signal: undefined, words: '' })
})
