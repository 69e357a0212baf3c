import { describe, expect, standIns, test } from 'bootstand/testing'
import fs from 'node:fs'
import path from 'node:path'
import { kdbOn, pistachio } from 'bootstand'

const { BOOTSTAND_IMAGES: users } = process.env

describe.for([
  ['the stand-ins', standIns],
  ['the images of the user', users],
] as const)('the kernel debugger of %s', ([, images]) => {
  const reason = 'BOOTSTAND_IMAGES names no directory with a Pistachio build'

  test('answers with data after a fault', async ({ boot, skip }) => {
    skip(images === undefined, reason)
    const target = await boot(pistachio({ rootTask: 'rt-ud2' }), { images, method: 'direct' })
    const kdb = kdbOn(target.herc)
    await kdb.stopped()
    const frame = await kdb.frame()
    const thread = await kdb.thread()
    expect(Number(thread.ip)).toBeGreaterThan(0x40_0000)
    expect(thread.state).toBe('RUNNING')
    expect(frame.registers).toBeDefined()
    const memory = await kdb.memory(Number(thread.ip) & ~15)
    const words = memory.rows.flatMap((row) => row.words)
    // ud2
    const bytes = Buffer.concat(
      words.map((word) =>
        Buffer.from(
          Number(word ?? 0)
            .toString(16)
            .padStart(8, '0'),
          'hex',
        ).toReversed(),
      ),
    )
    expect(bytes.includes(Buffer.from([0x0f, 0x0b]))).toBe(true)
    const queue = await kdb.readyQueue()
    expect(queue.queues.flatMap((it) => it.threads.map((one) => one.thread))).toContain('ROOTTASK')
    expect((await kdb.kernelInterfacePage()).kind).toBe('kernel-interface-page')
  })

  test('is entered by a break and left again', async ({ boot, skip }) => {
    skip(images === undefined, reason)
    const target = await boot(pistachio({ rootTask: 'rt-tick' }), { images, method: 'direct' })
    await expect(target.herc).toPrint(/^tick/)
    await target.debugger.enter()
    await target.herc.staysQuiet(200)
    const threads = await target.debugger.threads()
    expect(threads.find(({ id }) => id === 'ROOTTASK')).toHaveProperty('priority', 255)
    await expect(target.debugger.thread('ROOTTASK')).resolves.toMatchObject({ kind: 'thread' })
    const { text } = await target.debugger.command('q')
    expect(text).toContain('max_prio')
    await target.debugger.continue()
    await expect(target.herc).toPrint(/^tick/)
  })
})

test('the kernel debugger of the images of the user tells of kernel memory', async ({
  boot,
  skip,
}) => {
  skip(users === undefined, 'BOOTSTAND_IMAGES names no directory with a Pistachio build')
  const target = await boot(pistachio({ rootTask: 'rt-ud2' }), { images: users, method: 'direct' })
  const kdb = kdbOn(target.herc)
  await kdb.stopped()
  expect((await kdb.kernelMemory()).kind).toBe('kernel-memory')
  expect((await kdb.thread()).state).toBe('RUNNING')
})

test('a debugger that a program enters is asked and left again when the scenario says so', async ({
  boot,
}) => {
  const scenario = pistachio({ rootTask: 'rt-kdbenter', resumes: true })
  const target = await boot(scenario, { images: standIns, method: 'direct' })
  await expect(target.herc).toPrint('after second')
  const verdict = await target.stop()
  expect(verdict.outcome).toBe('finished')
  const entries = verdict.stops.filter(({ id }) => id === 'kernel-debugger')
  expect(entries.map(({ meaning }) => meaning)).toEqual([
    'the kernel debugger was entered: "hello from roottask"',
    'the kernel debugger was entered: "second"',
  ])
  const kinds = ['exception-frame', 'thread', 'ready-queue', 'memory', 'kernel-interface-page']
  expect(verdict.interrogation.map((it) => it.split(':')[0])).toEqual([...kinds, ...kinds])
})

test('a panic ends waits in a scenario that resumes, too', async ({ boot }) => {
  const scenario = pistachio({ rootTask: 'rt-ud2', resumes: true })
  const target = await boot(scenario, { images: standIns, method: 'direct' })
  await expect(target.herc.waitFor('never')).rejects.toThrow('KD# invalid opcode')
})

describe('when a boot has gone wrong, the debugger is asked why', () => {
  test.for([
    ['rt-ud2', 'crashed'],
    ['rt-spin', 'spinning'],
  ] as const)('%s', async ([rootTask, outcome], { boot }) => {
    const target = await boot(pistachio({ rootTask }), { images: standIns, method: 'direct' })
    await expect(target.herc.waitFor('ready', { within: 1_000 })).rejects.toThrow('did not print')
    const verdict = await target.stop()
    expect(verdict.outcome).toBe(outcome)
    expect(verdict.interrogation.map((it) => it.split(':')[0])).toEqual([
      ...['exception-frame', 'thread', 'ready-queue', 'memory', 'kernel-interface-page'],
    ])
    expect(verdict.stops.filter((it) => it.id === 'kernel-debugger-request')).toEqual([])
    const kept = fs.readFileSync(path.join(target.runFolder, 'interrogation.json'), 'utf8')
    expect(JSON.parse(kept)).toMatchObject([{}, { kind: 'thread', state: 'RUNNING' }, {}, {}, {}])
  })

  test('one whose panic was awaited is not asked', async ({ boot }) => {
    const target = await boot(pistachio({ rootTask: 'rt-ud2' }), {
      images: standIns,
      method: 'direct',
    })
    await expect(target.herc).toPrint('KD# invalid opcode')
    await expect(target.stop()).resolves.toMatchObject({
      outcome: 'expected-panic',
      interrogation: [],
    })
  })
})
