import { expect, test } from 'vitest'
import { commandNamed, menuCommands } from './table.ts'

const named = (choose: (command: (typeof menuCommands)[number]) => boolean): string =>
  menuCommands
    .filter(choose)
    .map((it) => it.name)
    .join(' ')

// The names in builtin_table of Debian's stage2 0.97-80, in its order.
const debian =
  'background blocklist boot border cat chainloader clear cmp color configfile debug default displayapm ' +
  'displaymem embed fallback find foreground fstest geometry halt help hiddenmenu hide impsprobe initrd ' +
  'install ioprobe kernel lock makeactive map md5crypt module modulenounzip pager partnew parttype ' +
  'password pause print read reboot root rootnoverify savedefault serial setkey setup shade splashimage ' +
  'terminal terminfo testload testvbe timeout title unhide uppermem vbeprobe viewport'

test('the table has what stage2 has, and what other builds have besides', () => {
  expect(named(({ build }) => build === undefined || build === 'graphics')).toBe(debian)
  expect(named(({ build }) => build === 'network')).toBe('bootp dhcp ifconfig rarp tftpserver')
  expect(named(({ build }) => build === 'shell')).toBe('device quit')
})

test('few commands are only for the part before the first title', () => {
  expect(named(({ place }) => place === 'menu')).toBe('default fallback hiddenmenu timeout')
})

test.for(['constructor', '__proto__', 'toString', '', 'KERNEL', 'kern'])(
  '"%s" is no command',
  (word) => expect(commandNamed(word)).toBeUndefined(),
)

test('options with a value end in =, and nothing follows the rest of a line', () => {
  for (const { options = [], arguments: list = [] } of menuCommands) {
    for (const option of options) expect(option.name.endsWith('=')).toBe(option.kind !== undefined)
    expect(list.findIndex((it) => it.isRest)).toBeOneOf([-1, list.length - 1])
  }
})
