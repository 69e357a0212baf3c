import { describe, expect, standIns, test } from 'bootstand/testing'
import { grubMenu, grubOn, menu, pistachio, type EntryBuilder } from 'bootstand'

const pingpong = (entry: EntryBuilder) =>
  entry
    .root('(cd)')
    .kernel('/kickstart')
    .module('/ia32-kernel')
    .module('/sigma0')
    .module('/pingpong')

/** A menu that waits, drawn with cursor moves or, after `--dumb`, printed. */
const waiting = (dumb: boolean) => {
  const start = menu()
    .serial({ unit: 0, speed: 115_200 })
    .terminal({ timeout: 0, dumb, terminals: ['serial'] })
    .entry('L4 pingpong', pingpong)
    .entry('Typing error', (entry) => entry.root('(cd)').kernel('/kickstrat'))
  return Array.from({ length: 14 }, (_, index) => `Other ${index}`)
    .reduce((it, title) => it.entry(title, (entry) => entry.root('(cd)')), start)
    .entry('The last one', pingpong)
    .print()
}

const booting = { images: standIns, from: 'loader', method: 'iso' } as const

describe.for([
  ['drawn', false],
  ['printed', true],
] as const)('a menu that is %s', ([, dumb]) => {
  const scenario = grubMenu({ menu: waiting(dumb) })

  test('is picked from by title, and has no other', async ({ boot }) => {
    const target = await boot(scenario, booting)
    const grub = grubOn(target.com1)
    expect((await grub.menu()).slice(0, 2)).toEqual(['L4 pingpong', 'Typing error'])
    await expect(grub.pick('The lost one')).rejects.toThrow(
      'GRUB’s menu has no entry "The lost one". Did you mean "The last one"?',
    )
    await grub.pick('The last one')
    await expect(target.com1).toPrint('s: print SQLite table')
  })

  test('is picked from by a title outside of ASCII', async ({ boot }) => {
    const title = 'Grüße ✓ 漢字'
    const bytes = Buffer.from(title, 'utf8').toString('latin1')
    const text = waiting(dumb).replace('The last one', () => bytes)
    const target = await boot(grubMenu({ menu: text }), booting)
    await grubOn(target.com1).pick(title)
    await expect(target.com1).toPrint('s: print SQLite table')
  })

  test('is edited for one boot', async ({ boot }) => {
    const target = await boot(scenario, booting)
    await grubOn(target.com1).edit('L4 pingpong', {
      'kernel /kickstart': 'kernel /kickstart kmem=8M',
      'module /pingpong': 'module /rt-exit',
    })
    await expect(target.com1).toPrint('Reserving 8MB for kernel memory')
    await expect(target.com1).toPrint(/^ +rt-exit|^> $/)
  })

  test('is left for the prompt, where commands are answered', async ({ boot }) => {
    const target = await boot(scenario, booting)
    const grub = grubOn(target.com1)
    await grub.prompt()
    expect(await grub.command('root (cd)')).toEqual([
      ' Filesystem type is iso9660, using whole disk',
    ])
    expect(await grub.command('displaymem')).toContain(' EISA Memory BIOS Interface is present')
    await expect(grub.command('kernel /kickstrat')).rejects.toThrow(
      'GRUB stopped with error 15 (File not found) at "kernel /kickstrat"',
    )
    for (const line of ['kernel /kickstart', 'module /ia32-kernel', 'module /sigma0']) {
      await grub.command(line)
    }
    await grub.command('module /pingpong')
    await target.com1.type('boot\r')
    await expect(target.com1).toPrint('s: print SQLite table')
  })
})

test.for([
  ['drawn', ''],
  ['printed', '--dumb '],
] as const)('a menu whose timeout runs is picked from, %s', async ([, dumb], { boot }) => {
  const head = `serial --unit=0 --speed=115200\nterminal --timeout=0 ${dumb}serial\ntimeout 60\n`
  const long =
    'A title that is longer than a line of the terminal has room for, and then some more of it'
  const entries = ['One', long].map((title) => `title ${title}\nroot (cd)\nkernel /kickstart\n`)
  const target = await boot(grubMenu({ menu: head + entries.join('') }), booting)
  await grubOn(target.com1).pick(long)
  await expect(target.com1).toPrint('PANIC: FAIL in line 329')
})

test('a menu that has gone on by itself is said to be gone', async ({ boot }) => {
  const target = await boot(grubMenu({ menu: waiting(true), entry: 'L4 pingpong' }), booting)
  await expect(grubOn(target.com1).pick('Other 1')).rejects.toThrow(
    "GRUB’s menu on com1 is gone: GRUB has gone on by itself (Booting 'L4 pingpong').",
  )
})

test('an error ends a wait at once, with the line of the menu', async ({ boot }) => {
  const target = await boot(
    grubMenu({ menu: waiting(true), entry: 'Typing error', missingFiles: 'allow' }),
    booting,
  )
  await expect(target.com1.waitFor('KickStart')).rejects.toThrow(
    /GRUB stopped with error 15 \(File not found\) at line \d+ of the menu, "kernel \/kickstrat"/,
  )
})

test('a generated menu waits on request', async ({ boot }) => {
  const target = await boot(pistachio({ rootTask: 'pingpong' }), { from: 'menu', method: 'iso' })
  await grubOn(target.herc).pick('L4Ka::Pistachio pingpong')
  await expect(target.herc).toPrint('s: print SQLite table')
})
