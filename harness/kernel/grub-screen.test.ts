import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { Screen } from '../console/screen.ts'
import type { Transcript } from '../console/transcript.ts'
import { longestDrawing, readGrubList, type GrubList } from './grub-screen.ts'

const recordings = path.join(import.meta.dirname, '../../fixtures/recordings/grub-legacy')

const titles = [
  'L4 pingpong',
  ...Array.from({ length: 14 }, (_, index) => `Other ${index + 1}`),
  'The last one',
]
const entry = [
  'root (cd)',
  'kernel /kickstart',
  'module /ia32-kernel',
  'module /sigma0',
  'module /pingpong',
]
const changed = [
  entry,
  entry.map((it) => it.replace('kickstart', 'kickstart kmem=8M')),
  entry.map((it) => it.replace('kickstart', 'kickstart kmem=8M').replace('pingpong', 'rt-exit')),
]

const blanks = Buffer.from('   ')

/** The lists that are read when a console is read after each byte; the same one once. */
const listsIn = async (bytes: Buffer): Promise<GrubList[]> => {
  let size = 0
  const transcript = {
    get size() {
      return size
    },
    read: (offset: number) => bytes.subarray(offset, size),
  }
  const screen = new Screen(transcript as Transcript)
  const lists: GrubList[] = []
  for (size = 1; size <= bytes.length; size++) {
    // Within a run of blanks nothing new is drawn.
    if (bytes.subarray(size - 2, size + 1).equals(blanks)) continue
    const image = await screen.look()
    const printed = bytes.subarray(Math.max(0, size - longestDrawing), size)
    const list = readGrubList(image, printed.toString('latin1'))
    if (list !== undefined && JSON.stringify(list) !== JSON.stringify(lists.at(-1)))
      lists.push(list)
  }
  return lists
}

const shown = ({ rows, highlighted, goesOn }: GrubList) => ({ rows, highlighted, goesOn })

/** What GRUB shows of a list when rows from `first` on are visible. */
const part = (all: readonly string[], first: number, highlighted: number, visible = 12) => ({
  rows: all.slice(first, first + visible),
  highlighted,
  goesOn: { up: first > 0, down: first + visible < all.length },
})

const upTo = (name: string, text: string): Buffer => {
  const bytes = fs.readFileSync(path.join(recordings, name))
  return bytes.subarray(0, bytes.indexOf(text))
}

test('a drawn list is read when it is complete, however slowly it is drawn', async () => {
  const lists = await listsIn(upTo('menu-scrolled-drawn.log', 'Booting command-list'))
  const menus = lists.filter(({ kind }) => kind === 'menu').map(shown)
  const down = [...titles.keys()].map((at) => part(titles, Math.max(0, at - 11), Math.min(at, 11)))
  const up = [...titles.keys()].map((at) => part(titles, Math.min(at, 4), Math.max(0, at - 4)))
  expect(menus).toEqual([...down, ...up.toReversed().slice(1)])
  const editors = lists.filter(({ kind }) => kind === 'editor').map(shown)
  expect(editors).toEqual([
    ...[0, 1].map((at) => part(changed[0]!, 0, at)),
    ...[1, 2, 3, 4].map((at) => part(changed[1]!, 0, at)),
    part(changed[2]!, 0, 4),
  ])
})

test('a printed list is read when it is complete, however slowly it is printed', async () => {
  const lists = await listsIn(upTo('menu-edited-printed.log', 'Booting command-list'))
  expect(lists.map(shown)).toEqual([
    part(titles, 0, 0, 16),
    ...[0, 1].map((at) => part(changed[0]!, 0, at)),
    ...[1, 2, 3, 4].map((at) => part(changed[1]!, 0, at)),
    part(changed[2]!, 0, 4),
  ])
})

test('a printed list whose timeout runs is read, and its second form after a key', async () => {
  const edge = '-'.repeat(67)
  const countdown = (seconds: number) =>
    `\r    Entry 0 will be booted automatically in ${seconds} seconds.   `
  const text = [
    `\r\n${edge}\r\n 0: One\r\n 1: Two\r\n${edge}\r\n\r\n`,
    '    Use the ^ and v keys to select which entry is highlighted.\r\n',
    "    Press enter to boot the selected OS, 'e' to edit the\r\n",
    "    commands before booting, or 'c' for a command-line.\r\n\r\n",
    `The selected entry is 0 ${countdown(60)}${countdown(59)}\r    Highlighted entry is 0: `,
    `\r${' '.repeat(68)}\r    Highlighted entry is 1: `,
  ].join('')
  const lists = await listsIn(Buffer.from(text, 'latin1'))
  expect(lists.map(shown)).toEqual([0, 1].map((at) => part(['One', 'Two'], 0, at)))
  const timed = text
    .slice(0, text.indexOf('\r    Highlighted'))
    .replace('The selected entry is 0 ', '')
  expect(await listsIn(Buffer.from(timed, 'latin1'))).toHaveLength(1)
})
