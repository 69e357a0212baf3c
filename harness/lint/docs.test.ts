import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../host/paths.ts'
import { rules } from './rules/list.ts'

test('docs/lint.md has every rule as the code has it', () => {
  const text = fs.readFileSync(path.join(packageRoot, 'docs/lint.md'), 'utf8')
  const rows = text.split('\n').filter((it) => /^\| `[a-z]/.test(it))
  expect(rows).toEqual(
    rules.map(({ id, severity, trips, why, fix }) =>
      `| \`${id}\` | ${severity} | ${trips} | ${why} | ${fix ?? ''} |`.replace('  |', ' |'),
    ),
  )
})
