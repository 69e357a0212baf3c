import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { bootstand, folder, useSandbox } from '../test-tools/sandbox.ts'

useSandbox()

test('a long run that was killed while it wrote is listed as far as it goes', async () => {
  const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text)
  for (const role of ['herc', 'ttyS1']) write(`${role}.out`, '')
  const lines = Array.from({ length: 150_000 }, (_, at) => `[${at / 1000},"o","line ${at}\\n"]\n`)
  write('herc.cast', `{"version":2}\n${lines.join('')}[150.000,"o","ha`)
  write('qmp.jsonl', '{"at":0,"event":"RESUME","timestamp":{"seconds":1,"micro')
  write('vga.cast', '{"version":2}\n[0.001,"i')
  const listed = await bootstand(['timeline', folder])
  expect(listed.exitCode).toBe(0)
  expect(listed.stdout.split('\n').at(-1)).toMatch(/^ +149999 +herc +line 149999$/)
  expect(listed.stderr).toMatch(/^No line of ttyS1 is here: ttyS1\.cast is missing\.$/m)
})
