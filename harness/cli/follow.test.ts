import fs from 'node:fs'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { folder, useSandbox } from '../test-tools/sandbox.ts'
import { Output } from '../host/output.ts'
import { follow } from './follow.ts'

useSandbox()

test('a reader who is slow is waited for, and none who has left', async () => {
  const file = path.join(folder, 'herc.out')
  fs.writeFileSync(file, Buffer.alloc(10_000_000, 'x'))
  const out = new PassThrough()
  const left = new AbortController()
  let most = 0
  let taken = 0
  const following = follow(
    [{ role: 'herc', path: file }],
    () => true,
    {
      onBytes: async (_role, bytes) => {
        out.write(bytes)
        most = Math.max(most, out.writableLength + out.readableLength)
        await new Output(out).room(left.signal)
      },
      onQuiet: () => {},
    },
    left.signal,
  )
  for await (const bytes of out) {
    taken += (bytes as Buffer).length
    if (taken >= 5_000_000) break
  }
  left.abort()
  await following
  expect(most).toBeLessThan(300_000)
})
