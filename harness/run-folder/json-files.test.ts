import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { BootstandError } from '../core/errors.ts'
import type { Dump } from '../dumps/dumps-in.ts'
import { mutationsOf } from '../test-tools/mutations.ts'
import { folder, useRuns } from '../test-tools/runs.ts'
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.ts'
import { readHot, writeHot } from './hot-file.ts'
import { readInterrogation, writeInterrogation } from './interrogation-file.ts'

useRuns()

const position = { offset: 12, column: 3 }
const state = { size: 40, position, accepted: position, isPrompted: true }

const files = {
  'hot.json': {
    write: async () => {
      const counted = { image: 'kernel', function: 'main', instructions: 12, calls: 1 }
      await writeHot(folder, [{ benchmark: 'ipc', run: 1, functions: [counted] }])
    },
    read: () => readHot(folder),
  },
  'interrogation.json': {
    write: async () => {
      const answer = { kind: 'thread', summary: 'the root task waits' } as object
      await writeInterrogation(folder, [answer as Dump])
    },
    read: () => readInterrogation(folder),
  },
  'checkpoint.json': {
    write: async () => {
      const machine = { name: 'ready', folder, uptime: 900.5, isExact: false }
      const boot = { begins: 'kernel', holdsFor: { QEMU: '7.2' } } as const
      await writeCheckpoint({ ...machine, consoles: { herc: state }, ...boot })
    },
    read: () => readCheckpoint(folder),
  },
} as const

/** The sentence that answers a damaged file; nothing where the reader gives data. */
const answerOf = (read: () => unknown): string => {
  try {
    read()
    return ''
  } catch (error) {
    expect(error).toBeInstanceOf(BootstandError)
    expect(error).toMatchObject({ culprit: 'usage', exitStatus: 2 })
    return (error as Error).message
  }
}

test.for(Object.keys(files) as (keyof typeof files)[])(
  '%s is read as it was written, and each damaged field is answered in a sentence',
  async (name) => {
    const { write, read } = files[name]
    await write()
    const file = path.join(folder, name)
    const real = JSON.parse(fs.readFileSync(file, 'utf8')) as object
    expect(real).toMatchObject({ schemaVersion: 1 })
    expect(() => read()).not.toThrow()
    let rejected = 0
    for (const { title, value } of mutationsOf(real)) {
      fs.writeFileSync(file, JSON.stringify(value))
      const answer = answerOf(read)
      if (answer === '') continue
      rejected++
      expect(answer, title).toContain(name)
    }
    expect(rejected).toBeGreaterThan(20)
  },
)
