import { expect, onTestFinished, test, vi } from 'vitest'
import { makeRunFolder } from './run-folder.ts'

test('where no folder can be made at all, it is said so', async () => {
  vi.stubEnv('BOOTSTAND_RUNS', '/proc/x')
  onTestFinished(() => void vi.unstubAllEnvs())
  await expect(makeRunFolder('run')).rejects.toMatchObject({
    culprit: 'host',
    message: expect.stringMatching(
      /^Cannot write the run folder \/proc\/x\/\S+: no folder can be made there\. Make room/,
    ),
  })
})
