import { expect, test } from 'bootstand/testing'
import { l4linux, shellOn, type Console, type Target } from 'bootstand'
import matrix from './l4linux-consoles.matrix.ts'

type Place = 'herc' | 'ttyS1' | 'vga'

/** Where kernel output goes, and where init and the shell speak and listen. */
interface Consoles {
  readonly log: readonly Place[]
  readonly console: Place | undefined
}

// All that are specified get the kernel's output; the last one is /dev/console. COM1 is herc's and ttyS0's.
const shown: Readonly<Record<string, Consoles>> = {
  '': { log: ['herc'], console: undefined },
  'console=herc': { log: ['herc'], console: 'herc' },
  'console=herc console=ttyS1,115200': { log: ['herc', 'ttyS1'], console: 'ttyS1' },
  'console=ttyS1,115200 console=herc': { log: ['herc', 'ttyS1'], console: 'herc' },
  'console=herc console=tty': { log: ['herc', 'vga'], console: 'vga' },
  'console=tty': { log: ['vga'], console: 'vga' },
  'console=ttyS0,115200': { log: ['herc'], console: 'herc' },
  'console=ttyS3,115200': { log: [], console: undefined },
  'console=herc console=ttyS3,115200': { log: ['herc'], console: 'herc' },
  'console=ttyS1,9600': { log: ['ttyS1'], console: 'ttyS1' },
}

const printedOn = async (target: Target<'herc' | 'ttyS1'>, place: Place): Promise<string> =>
  place === 'vga' ? await target.vga.text() : target[place].transcript.text(0)

/** Those whose text includes another. */
const placesWith = async (target: Target<'herc' | 'ttyS1'>, text: string): Promise<Place[]> => {
  const places = ['herc', 'ttyS1', 'vga'] as const
  const texts = await Promise.all(places.map(async (it) => await printedOn(target, it)))
  return places.filter((_, index) => texts[index]!.includes(text))
}

const withConsoles = (words: string) =>
  l4linux({ arguments: `root=/dev/ram0 ${words}`, ramdisk: 'ramdisk' })

const direct = { method: 'direct' } as const
const early = 'L4Linux stand-in: printk is buffered until a console is there'

test('every command line of the matrix has its row here', () => {
  expect(matrix.rows.filter((it) => shown[it] === undefined)).toEqual([])
})

test.for(Object.entries(shown))('%j', async ([words, { log, console }], { boot }) => {
  const target = await boot(withConsoles(words), direct)
  // By the debugger, at once, before a line of printk that is older.
  await expect(target.herc).toPrint(early)
  if (console === undefined) {
    await expect(
      target.waitForAny({ ttyS1: 'login: ', vga: 'login: ' }, { within: 500 }),
    ).rejects.toThrow('The guest is alive but silent: it idles, with interrupts on')
  } else {
    await target.waitForAny({ [console]: 'login: ' })
    expect(await placesWith(target, 'login:')).toEqual([console])
  }
  expect(await placesWith(target, 'Linux version 2.4')).toEqual(log)
  expect(await placesWith(target, 'Freeing unused kernel memory')).toEqual(log)
  const herc = await printedOn(target, 'herc')
  if (log.includes('herc')) expect(herc.indexOf(early)).toBeLessThan(herc.indexOf('Linux version'))
})

/** Waits for a login that does not come; what the boot is then found to be. */
const verdictOf = async (target: Target<'herc' | 'ttyS1'>, console: Console) => {
  await expect(console.waitFor('login: ', { within: 500 })).rejects.toThrow('did not print')
  const { outcome, culprit, phases } = await target.stop()
  return { outcome, culprit, last: phases.at(-1)?.name }
}

test('without console= the kernel tells on herc that /dev/console is invalid; then it is silent, but alive', async ({
  boot,
}) => {
  const target = await boot(withConsoles(''), direct)
  await expect(target.herc).toPrint('VFS: Mounted root (ext2 filesystem)')
  await expect(target.herc).toPrint('Warning: unable to open an initial console.')
  expect(await verdictOf(target, target.herc)).toEqual({
    ...{ outcome: 'silent', culprit: 'guest' },
    last: 'init',
  })
})

test('a port that is not there keeps everything back that printk has; a dead Linux is told from that', async ({
  boot,
}) => {
  const silent = await boot(withConsoles('console=ttyS3'), direct)
  await expect(silent.herc).toPrint(early)
  expect(await verdictOf(silent, silent.ttyS1)).toEqual({
    ...{ outcome: 'silent', culprit: 'bootset' },
    last: 'root task',
  })
  const dead = await boot(withConsoles('console=ttyS3 maxcpus=2'), direct)
  await expect(dead.herc).toPrint('virtual processor 1 on processor 0')
  expect(await verdictOf(dead, dead.ttyS1)).toMatchObject({ outcome: 'spinning' })
})

test('QEMU prints at any speed; which one was set, Linux tells', async ({ boot }) => {
  const target = await boot(withConsoles('console=ttyS1,9600'), direct)
  const shell = shellOn(target.ttyS1)
  await shell.login('root', 'pistachio')
  await expect(shell.run('stty')).resolves.toHaveProperty('output', 'speed 9600 baud; line = 0;')
})
