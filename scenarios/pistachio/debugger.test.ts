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
    const [queue] = await kdb.readyQueues()
    expect(queue!.queues.flatMap((it) => it.threads.map((one) => one.thread))).toContain('ROOTTASK')
    expect((await kdb.kernelInterfacePage()).kind).toBe('kernel-interface-page')
  })

  test('shows what is mapped where, of addresses with eight digits too', async ({ boot, skip }) => {
    skip(images === undefined, reason)
    const target = await boot(pistachio({ rootTask: 'rt-ud2' }), { images, method: 'direct' })
    const kdb = kdbOn(target.herc)
    await kdb.stopped()
    const { ip, space } = await kdb.thread()
    const sizes = async (address: number) => {
      const { entries } = await kdb.pageTable(address, space!)
      return entries.flatMap((it) => ('size' in it ? it.size : []))
    }
    expect(await sizes(Number(ip))).toContain('4KB')
    expect(await sizes(0xf010_0000)).toEqual(['4MB'])
    expect(await sizes(0xffff_ffff)).toEqual([])
    const { rows } = await kdb.memory(0xf010_0000)
    expect(rows.map((it) => it.address)).toHaveLength(16)
    expect(rows[0]!.address).toBe('0xf0100000')
    expect((await kdb.thread('SIGMA0')).id).toBe('0x000c0001')
    expect((await kdb.kernelMemory()).freeChunks).toBeGreaterThan(0)
    expect((await kdb.bootInformation()).records[1]!.commandLine).toBe('rt-ud2')
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
      ...['exception-frame', 'thread', 'ready-queue', 'memory'],
      ...['kernel-interface-page', 'boot-information'],
    ])
    expect(verdict.stops.filter((it) => it.id === 'kernel-debugger-request')).toEqual([])
    const kept = fs.readFileSync(path.join(target.runFolder, 'interrogation.json'), 'utf8')
    expect(JSON.parse(kept)).toMatchObject({
      answers: [{}, { kind: 'thread', state: 'RUNNING' }, {}, {}, {}, {}],
    })
  })

  test('one that idles tells where its programs wait', async ({ boot }) => {
    const target = await boot(pistachio({ rootTask: 'rt-sleep' }), {
      images: standIns,
      method: 'direct',
    })
    await expect(target.herc.waitFor('ready', { within: 3_000 })).rejects.toThrow('did not print')
    const { interrogation } = await target.stop()
    const threads = interrogation.filter((it) => it.startsWith('thread: '))
    expect(threads).toEqual([
      'thread: the idle thread',
      expect.stringMatching(/^thread: thread 000c0001 WAIT_FE at 0002/),
      expect.stringMatching(/^thread: thread 000c8001 WAIT_\w+ at 0040/),
    ])
    expect(interrogation.join()).not.toContain('memory: ')
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
