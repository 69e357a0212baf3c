import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { standInFolder } from '../host/stand-ins.ts'
import { talker } from '../test-tools/talker.ts'
import { bootDisk } from './boot-disk.ts'
import { boot } from './boot.ts'
import { grubMenu } from './grub-menu.ts'
import { l4linux } from './l4linux.ts'
import { pistachio } from './pistachio.ts'
import { folder, useRuns } from '../test-tools/runs.ts'

useRuns()

const ports = ['com1', 'com2', 'com3', 'com4', 'debug'] as const

const serial = ['com1', 'com2', 'com3', 'com4'] as const
const everyPort = { consoles: serial, debugPort: 'debug' } as const

test('a guest prints on four serial ports and the debug port, each a console of its own', async () => {
  const texts = ports.map((port) => [port, `on ${port}\n`] as const)
  await using target = await bootDisk(talker(folder, texts), everyPort)
  const found = await target.waitForAll({
    ...{ com1: /^on .*/, com2: /^on .*/, com3: /^on .*/, com4: /^on .*/ },
    debug: /^on .*/,
  })
  expect(Object.entries(found).map(([role, { text }]) => `${role}: ${text}`)).toEqual(
    ports.map((port) => `${port}: on ${port}`),
  )
  for (const port of ports) {
    expect(fs.readFileSync(path.join(target.runFolder, `${port}.out`), 'latin1')).toBe(
      `on ${port}\n`,
    )
  }
})

test('who boots is told at once that the guest does not go on', async () => {
  const told: string[] = []
  await using target = await boot(pistachio({ rootTask: 'rt-ud2' }), {
    images: standInFolder,
    method: 'direct',
    onStop: ({ id }) => told.push(id),
  })
  await target.herc.waitFor('KD# invalid opcode')
  await target.stop()
  expect(told[0]).toBe('kernel-panic')
})

describe('waits on several consoles', () => {
  const texts = [
    ['com1', 'one\nBUG\ntwo\n'],
    ['com2', 'three\n'],
  ] as const
  const talk = async () => await bootDisk(talker(folder, texts), everyPort)

  test('the first that prints its text is named, the others consume nothing', async () => {
    await using target = await talk()
    const first = await target.waitForAny({ com1: 'never', com2: 'three' })
    expect(first).toMatchObject({ role: 'com2', text: 'three' })
    await target.com1.waitFor('one')
  })

  test('each has until the deadline, and the one that missed it is named', async () => {
    await using target = await talk()
    await expect(
      target.waitForAll({ com1: 'one', com2: 'never' }, { within: 200 }),
    ).rejects.toThrow('com2 did not print "never": it was not printed within 0.20 s')
    await target.com1.waitFor('one')
  })

  test('their deadline of silence is for all of them together', async () => {
    const scenario = pistachio({ rootTask: 'rt-tick', consoles: ['herc', 'ttyS1'] })
    await using target = await boot(scenario, { images: standInFolder, method: 'direct' })
    await target.herc.waitFor('tick 1')
    const silence = 600
    const later = { herc: 'tick 14', ttyS1: 'never' }
    await expect(target.waitForAny(later, { silence })).resolves.toMatchObject({ role: 'herc' })
  })

  test('what must not be printed ends them, on the same console and on another', async () => {
    await using target = await talk()
    await expect(target.com1.waitFor('two', { unless: /B[UG]+/ })).rejects.toMatchObject({
      failure: 'printed',
      message: expect.stringContaining('com1 did not print "two": it printed "BUG" before'),
    })
    const meanwhile = target.waitForAny({ com2: 'three' }, { unless: { com1: 'BUG' } })
    await expect(meanwhile).rejects.toThrow('com1 printed "BUG", which was not to come.')
    await target.com1.waitFor('two', { unless: 'BUGS' })
  })

  test('a role that the target has not is refused', async () => {
    await using target = await talk()
    await expect(target.waitForAny({ com5: 'x' } as never)).rejects.toThrow(
      'The target has no console "com5". It has: com1, com2, com3, com4, debug, vga.',
    )
    await expect(target.waitForAny({})).rejects.toThrow(
      'Expected a pattern for at least one console',
    )
  })
})

test('consoles get the names that a scenario gives them', async () => {
  const scenario = pistachio({ rootTask: 'pingpong', consoles: ['herc', 'ttyS1'] })
  await using target = await boot(scenario, { images: standInFolder, method: 'direct' })
  await target.herc.waitFor('s: print SQLite table')
  await expect(target.ttyS1.staysQuiet(50)).resolves.toBeUndefined()
})

test('what stops the guest is heard on every console, by whoever waits on another', async () => {
  const error = '\nError 15: File not found\n\nPress any key to continue...\n'
  await using target = await bootDisk(talker(folder, [['com2', error]]), everyPort)
  const never = target.com1.waitFor('never', { within: 25_000 })
  await expect(never).rejects.toThrow('com1 did not print "never": on com2, GRUB stopped')
  expect((await target.stop()).outcome).toBe('waiting-in-loader')
})

test('when a program above the kernel panics, the kernel’s debugger is broken into and asked', async () => {
  const scenario = l4linux({ arguments: 'root=/dev/hda1 console=ttyS1,115200' })
  await using target = await boot(scenario, { images: standInFolder, method: 'direct' })
  await expect(target.herc.waitFor('login: ')).rejects.toThrow(
    'on ttyS1, Linux panicked: it has no',
  )
  const { outcome, culprit, interrogation } = await target.stop()
  expect([outcome, culprit]).toEqual(['crashed', 'bootset'])
  expect(interrogation).toContainEqual(
    expect.stringContaining('boot information: sigma0, vmlinuz.VX2'),
  )
})

test('a panic on the kernel’s console ends waits on the others and on the VGA', async () => {
  const scenario = pistachio({ rootTask: 'rt-ud2', consoles: ['herc', 'ttyS1'] })
  await using target = await boot(scenario, { images: standInFolder, method: 'direct' })
  const login = target.ttyS1.waitFor('login: ', { within: 25_000 })
  await expect(login).rejects.toMatchObject({
    failure: 'stop',
    culprit: 'guest',
    message: expect.stringMatching(
      /^ttyS1 did not print "login: ": on herc, [^]*KD# invalid opcode[^]*The last lines of herc:[^]*eip=/,
    ),
  })
  await expect(target.vga.waitToShow('login: ')).rejects.toThrow(
    'vga did not show "login: ": on herc,',
  )
  await target.herc.waitFor('KD# invalid opcode')
  await expect(target.ttyS1.waitFor('login: ', { within: 300 })).rejects.toMatchObject({
    failure: 'deadline',
  })
})

test.for([
  [['com1', 'com1'], 'expected different names'],
  [['vga'], 'every target has something else of that name; choose another'],
  [['a', 'b', 'c', 'd', 'e'], 'a PC has COM1 to COM4'],
  [['../x'], 'expected a name of letters'],
  [[], 'expected the name of COM1 at least'],
] as const)('%j are refused as names', ([consoles, sentence]) => {
  expect(() => grubMenu({ menu: '', consoles: [...consoles] })).toThrow(sentence)
})

describe('keys', () => {
  const images = standInFolder

  test('a break gets into the debugger', async () => {
    await using target = await boot(pistachio({ rootTask: 'rt-spin' }), {
      images,
      method: 'direct',
    })
    await target.herc.waitFor('Launching kernel')
    await target.herc.breakIn()
    await expect(target.herc.waitFor(/^> $/)).resolves.toMatchObject({ line: '> ' })
  })

  test('keys without effect are typed again, and the last attempt says so', async () => {
    await using target = await boot(pistachio({ rootTask: 'pingpong' }), {
      images,
      method: 'direct',
    })
    await target.herc.waitFor('s: print SQLite table')
    const wait = target.herc.typeUntil('~', /never/, { attempts: 3, within: 100 })
    await expect(wait).rejects.toMatchObject({ failure: 'deadline' })
    const cast = fs.readFileSync(path.join(target.runFolder, 'herc.cast'), 'utf8')
    expect(cast.match(/"i","~"/g)).toHaveLength(3)
  })

  test('keys may be paced', async () => {
    await using target = await boot(pistachio({ rootTask: 'pingpong' }), {
      images,
      method: 'direct',
    })
    await target.herc.waitFor('s: print SQLite table')
    await target.herc.type('~~1', { pace: 30 })
    await target.herc.waitFor(/^IPC \( 0 MRs\)/)
    await target.stop()
    const cast = fs.readFileSync(path.join(target.runFolder, 'herc.cast'), 'utf8')
    const times = [...cast.matchAll(/^\[([\d.]+),"i"/gm)].map((it) => Number(it[1]))
    expect(times).toHaveLength(3)
    expect(times[2]! - times[0]!).toBeGreaterThanOrEqual(0.055)
  })
})
