import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { Results } from '../report/results.ts'
import { bootstand, folder, scenarioOf, useSandbox, writeProject } from '../test-tools/sandbox.ts'

useSandbox()

const broken = {
  'missing.ts': "import './nothere.ts'\n",
  'syntax.ts': 'export default {\n',
  'throws.ts': "throw new Error('no luck')\n",
  'typed.matrix.ts': "export const wrong: number = 'a text'\n",
  'a/twice.ts': scenarioOf('rt-spin'),
  'b/twice.ts': scenarioOf('rt-spin'),
}

beforeEach(() => {
  writeProject(
    scenarioOf('rt-spin'),
    "import { test } from 'bootstand/testing'\ntest('boots nothing', () => {})\n",
  )
  for (const [name, text] of Object.entries(broken)) {
    const file = path.join(folder, 'scenarios', name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }
})

test('list shows what can be used, and each broken file in one line, with status 2', async () => {
  const { stdout, stderr, exitCode } = await bootstand(['list'], { cwd: folder })
  expect(exitCode).toBe(2)
  expect(stdout).toMatch(/^mine .*scenarios\/mine\.ts\n?$/)
  const lines = stderr.split('\n').filter((line) => line.startsWith('bootstand: '))
  expect(lines).toEqual(stderr.split('\n'))
  expect(new Set(lines.map((line) => line.split(' ')[1]))).toEqual(
    new Set(Object.keys(broken).map((name) => `scenarios/${name}`)),
  )
  expect(lines.find((line) => line.includes('syntax.ts'))).toMatch(/\(\d+,\d+\): error TS\d+/)
  expect(lines.find((line) => line.includes('throws.ts'))).toContain('no luck')
})

test('run runs what can be used beside a broken file, with status 2', async () => {
  fs.writeFileSync(path.join(folder, 'scenarios/syntax.test.ts'), '')
  const words = ['run', 'mine', 'syntax', '--json']
  const { stdout, exitCode } = await bootstand(words, { cwd: folder })
  expect(exitCode).toBe(2)
  const { tests, errors } = JSON.parse(stdout) as Results
  expect(tests).toMatchObject([{ name: 'boots nothing', state: 'passed' }])
  expect(errors).toEqual([expect.stringContaining('scenarios/syntax.ts')])
})
