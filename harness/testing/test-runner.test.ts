import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createVitest, type TestCase } from 'vitest/node'
import { folder, useRuns } from '../test-tools/runs.ts'
import { testRunner } from './scenario-tests.ts'

useRuns()

/** Runs the tests of a file with a limit of 1.5 s. */
const results = async (text: string): Promise<TestCase[]> => {
  const file = path.join(folder, 'limits.test.ts')
  fs.writeFileSync(file, text)
  const vitest = await createVitest('test', {
    ...{ root: folder, config: false, watch: false, reporters: [{}], globals: true },
    ...{ runner: testRunner, testTimeout: 1_500 },
  })
  try {
    const { testModules } = await vitest.start([file])
    return testModules.flatMap((it) => [...it.children.allTests()])
  } finally {
    await vitest.close()
  }
}

test('a test that hangs is ended, and the next one runs', async () => {
  const tests = await results(`
    let reason
    test('hangs', async ({ signal }) => {
      signal.addEventListener('abort', () => { reason = signal.reason.code })
      await new Promise(() => {})
    })
    test('follows', () => expect(reason).toBe('BOOTSTAND_TEST_TIMEOUT'))
  `)
  const [hangs, follows] = tests.map((it) => it.result())
  expect(hangs).toMatchObject({
    state: 'failed',
    errors: [{ code: 'BOOTSTAND_TEST_TIMEOUT', exitStatus: 1 }],
  })
  expect(hangs!.errors![0]!.message).toContain('"hangs" to end within 1.50 s')
  expect(follows).toMatchObject({ state: 'passed' })
})

test('each attempt of a test has the whole limit', async () => {
  const [retried] = await results(`
    let attempt = 0
    test('is retried', { retry: 1 }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      expect(++attempt).toBe(2)
    })
  `)
  expect(retried!.result()).toMatchObject({ state: 'passed' })
})
