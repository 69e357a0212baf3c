import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ext2Superblock } from '../formats/ext2.ts'
import { lintMenu } from '../lint/lint-menu.ts'
import { memoryMedium } from '../lint/memory-medium.ts'
import { parseMenu } from '../formats/menu/parse.ts'
import { buildRamdisk, type RamdiskOptions } from './build-ramdisk.ts'
import { checkRamdisk } from './check-ramdisk.ts'
import { ext2Demand } from './ext2-size.ts'
import { openRamdisk } from './open-ramdisk.ts'
import { readSources } from './sources.ts'
import { inOrder } from './tree.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand ramdisk-'))
})

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => path.join(folder, name)

const write = (name: string, bytes: string | Buffer, mode = 0o644) => {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true })
  fs.writeFileSync(at(name), bytes, { mode })
}

const build = async (from: string[], options: Partial<RamdiskOptions> = {}) => {
  const output = at(`ramdisk-${Math.random()}`)
  await buildRamdisk({ from: from.map(at), output, ...options })
  return output
}

/** What is in a ramdisk, and a regular file's text. */
const look = async (file: string, name?: string) => {
  await using ramdisk = await openRamdisk(file)
  const entries = inOrder(ramdisk.tree).filter((it) => it.path !== 'lost+found')
  const entry = name === undefined ? undefined : ramdisk.tree.get(name)
  return { entries, text: entry && ramdisk.read(entry).toString() }
}

const everything = `#mtree
/set uid=0 gid=0
. type=dir mode=0755
dev/console type=char mode=0600 device=native,5,1
dev/ram0 type=block mode=0660 gid=6 device=1,0
run/initctl type=fifo
tmp type=dir mode=01777
..
bin/su mode=04755 uid=1000 gid=70000 contents=some\\040program
bin/sh type=link link=su
bin/long type=link link=/${'a-long-way/'.repeat(9)}
"odd'\\342\\202\\254*[name] contents=some\\040program
`

const owned = { uid: 0, gid: 0 }
const folders = (...names: string[]) =>
  names.map((name) => ({ path: name, mode: 0o755, ...owned, type: 'dir' }))

const expected = [
  ...folders('', 'bin'),
  { path: 'bin/long', mode: 0o777, ...owned, type: 'link', target: `/${'a-long-way/'.repeat(9)}` },
  { path: 'bin/sh', mode: 0o777, ...owned, type: 'link', target: 'su' },
  { path: 'bin/su', mode: 0o4755, uid: 1000, gid: 70000, type: 'file', size: 12 },
  ...folders('dev'),
  { path: 'dev/console', mode: 0o600, ...owned, type: 'char', major: 5, minor: 1 },
  { path: 'dev/ram0', mode: 0o660, uid: 0, gid: 6, type: 'block', major: 1, minor: 0 },
  ...folders('run'),
  { path: 'run/initctl', mode: 0o600, ...owned, type: 'fifo' },
  { path: 'tmp', mode: 0o1777, ...owned, type: 'dir' },
]

describe.for(['ext2', 'newc'] as const)('%s', (format) => {
  test.for([false, true])('gives back what a manifest says; zipped: %s', async (gzip) => {
    write('some program', 'contents of\n', 0o755)
    write('manifest', everything)
    const file = await build(['manifest'], { format, gzip })
    const { entries, text } = await look(file, `"odd'€*[name]`)
    expect(entries).toHaveLength(expected.length + 1)
    expect(entries).toEqual(expect.arrayContaining(expected))
    expect(text).toBe('contents of\n')
  })

  test('the same files give the same bytes', async () => {
    for (const copy of ['one', 'two']) {
      // In another order, and with other times and inodes.
      const names = copy === 'one' ? ['a', 'b', 'sub/c'] : ['sub/c', 'b', 'a']
      for (const name of names) write(`${copy}/${name}`, name)
      fs.symlinkSync('a', at(`${copy}/link`))
      fs.utimesSync(at(`${copy}/a`), copy.length, names.indexOf('a'))
    }
    fs.linkSync(at('two/a'), at('another name'))
    const [one, two] = [
      await build(['one'], { format, gzip: true }),
      await build(['two'], { format, gzip: true }),
    ]
    expect(fs.readFileSync(one).equals(fs.readFileSync(two))).toBe(true)
    // gzip's header: neither a name nor a time.
    expect(fs.readFileSync(one).subarray(3, 8).toString('hex')).toBe('0000000000')
  })

  test('a later source changes what an earlier one has', async () => {
    write('root/etc/motd', 'hello\n')
    write('root/etc/issue', 'old\n')
    write('new issue', 'new\n')
    write('manifest', 'etc/motd mode=0600 gid=5\netc/issue contents=new\\040issue\n')
    const file = await build(['root', 'manifest'], { format })
    const { entries } = await look(file)
    expect(entries.find((it) => it.path === 'etc/motd')).toMatchObject({
      mode: 0o600,
      gid: 5,
      size: 6,
    })
    expect(await look(file, 'etc/motd')).toMatchObject({ text: 'hello\n' })
    expect(await look(file, 'etc/issue')).toMatchObject({ text: 'new\n' })
  })
})

describe("what seed 002's calculation comes to", () => {
  /** The files of the blog's list, and what it needed bytes for: "So roughly 4 MB. I'll make it an odd 5 to start". */
  const files = {
    'lib/libncurses.so.5': 374_024,
    'lib/libdl.so.2': 14_624,
    'lib/libc.so.6': 1_367_432,
    'lib64/ld-linux-x86-64.so.2': 119_536,
    'bproc.ko': 1_929_345,
    'vmadump.ko': 285_821,
    'bin/bash': 797_208,
    bpmaster: 112_920,
  }
  beforeEach(() => {
    for (const [name, size] of Object.entries(files)) write(`root/${name}`, Buffer.alloc(size, 'x'))
  })

  test('4 MB, which the calculator says, are refused with the numbers', async () => {
    const built = build(['root'], { size: 4 * 1024 ** 2 })
    await expect(built).rejects.toMatchObject({ exitStatus: 2 })
    await expect(built).rejects.toThrow(
      /^Expected content for an ext2 file system of 4096 KiB, which has room for 3950 KiB; found 4921 KiB\. It takes --size 5099K, or leave something out\. The largest files:\n {5}1894 KiB {2}bproc\.ko\n/,
    )
    const enough = await build(['root'], { size: 5099 * 1024 })
    expect((await look(enough)).entries.map((it) => it.path)).toContain('bproc.ko')
    await expect(build(['root'], { size: 5098 * 1024 })).rejects.toThrow('which has room for')
  })

  test('its 5110 blocks are enough, and how many are left is said', async () => {
    const file = await build(['root'], { size: 5110 * 1024 })
    expect(fs.statSync(file).size).toBe(5_232_640)
    const { fileSystem, ramdiskSize } = await checkRamdisk(file)
    expect(ramdiskSize).toBe(5110)
    expect(fileSystem!.free / 1024).toBeLessThan(100)
  })

  test('sized from the content, it has the margin left', async () => {
    const free = async (margin: number) =>
      (await checkRamdisk(await build(['root'], { margin }))).fileSystem!.free / 1024
    expect(await free(0)).toBe(0)
    expect(await free(10)).toBe(493)
  })
})

test('what files take is never more than was reckoned, and not much less', async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 80 })
  await fc.assert(
    fc.asyncProperty(sizes, async (lengths) => {
      fs.rmSync(at('root'), { recursive: true, force: true })
      for (const [index, size] of lengths.entries()) {
        write(
          `root/${'d/'.repeat(index % 3)}${'name'.repeat(1 + (index % 9))}-${index}`,
          Buffer.alloc(size, 1),
        )
      }
      // More than the least that a file system has.
      write('root/z', Buffer.alloc(100_000, 1))
      const entries = inOrder(await readSources([at('root')]))
      const superblock = ext2Superblock(fs.readFileSync(await build(['root'], { margin: 0 })))!
      expect(superblock.freeBlocks).toBeLessThanOrEqual(2)
      expect(superblock.inodes - superblock.freeInodes).toBe(ext2Demand(entries).inodes)
    }),
    { numRuns: 5 },
  )
})

describe('libraries', () => {
  const gcc = (...words: string[]) =>
    execFileSync('gcc', ['-nostdlib', '-shared', ...words], { cwd: folder })

  /** A program of 32 bits that needs liba.so, which needs libb.so, in a sysroot of Debian's form. */
  const program = () => {
    const [ours, other] = ['sysroot/lib/i386-linux-gnu', 'sysroot/usr/lib']
    for (const place of [ours, other, 'root/bin']) fs.mkdirSync(at(place), { recursive: true })
    write('b.c', 'int b(void) { return 0; }\n')
    write('a.c', 'int b(void);\nint a(void) { return b(); }\n')
    write('main.c', 'int a(void);\nvoid _start(void) { a(); }\n')
    // For another processor, in a folder that is searched before.
    gcc('-o', `${ours}/libb.so`, 'b.c')
    gcc('-m32', '-o', `${other}/libb.so`, 'b.c', '-Wl,-soname,libb.so')
    gcc('-m32', '-o', `${ours}/liba.so`, 'a.c', `${other}/libb.so`, '-Wl,-soname,liba.so')
    execFileSync(
      'gcc',
      [
        ...['-m32', '-nostdlib', '-no-pie', '-o', 'root/bin/main', 'main.c', `${ours}/liba.so`],
        ...[`-Wl,--dynamic-linker=/lib/ld-linux.so.2,-rpath-link,${other}`],
      ],
      { cwd: folder },
    )
  }

  const paths = async (file: string) => (await look(file)).entries.map((it) => it.path)

  test('that programs need are added, and what these need in turn', async () => {
    program()
    write('sysroot/lib/ld-linux.so.2', fs.readFileSync(at('sysroot/usr/lib/libb.so')))
    fs.renameSync(at('sysroot/usr/lib/libb.so'), at('sysroot/usr/lib/libb.so.old'))
    fs.symlinkSync('libb.so.old', at('sysroot/usr/lib/libb.so'))
    const elsewhere = { libraries: true, sysroot: at('sysroot') }
    const built = await buildRamdisk({ from: at('root'), output: at('out'), ...elsewhere })
    const added = ['lib/ld-linux.so.2', 'lib/i386-linux-gnu/liba.so', 'usr/lib/libb.so']
    expect(built.libraries).toEqual(added)
    expect(await paths(at('out'))).toEqual(expect.arrayContaining(added))
    // What is there is not brought again, also if a link leads to it.
    fs.mkdirSync(at('root/usr/lib'), { recursive: true })
    fs.symlinkSync('usr/lib', at('root/lib'))
    const again = await buildRamdisk({ from: at('root'), output: at('again'), ...elsewhere })
    expect(again.libraries[0]).toBe('usr/lib/ld-linux.so.2')
    expect(await paths(at('again'))).toContain('usr/lib/i386-linux-gnu/liba.so')
  })

  test('that are nowhere are named, with who needs them', async () => {
    program()
    await expect(build(['root'], { libraries: true, sysroot: at('sysroot') })).rejects.toThrow(
      `bin/main needs /lib/ld-linux.so.2, and below ${at('sysroot')} there is none for its processor at lib/ld-linux.so.2.`,
    )
  })

  test('that init lacks are found by a check', async () => {
    program()
    write('root/sbin/init', '#!/bin/main -x\n', 0o755)
    // For another processor, so as good as not there.
    write('root/lib/liba.so', fs.readFileSync(at('sysroot/lib/i386-linux-gnu/libb.so')))
    write('manifest', 'dev/console type=char device=5,1\n')
    const { problems } = await checkRamdisk(await build(['root', 'manifest']))
    expect(problems).toEqual([
      '/sbin/init cannot start: /bin/main needs /lib/ld-linux.so.2, which is not there.',
      '/sbin/init cannot start: /bin/main needs liba.so, which is not there.',
    ])
  })
})

test('a zipped ramdisk passes lint, and one that is larger than it says does not', async () => {
  write('root/bin/sh', Buffer.alloc(300_000, 1))
  const disk = fs.readFileSync(await build(['root'], { gzip: true, size: 512 * 1024 }))
  const found = (size: number) => {
    const lines = ['title t', 'kernel /kickstart', 'module /ia32-kernel', 'module /sigma0']
    const linux = `module /vmlinuz.VX2 root=/dev/ram0 ramdisk_size=${size}`
    const menu = [...lines, linux, 'modulenounzip /ramdisk.gz', ''].join('\n')
    const root = memoryMedium([{ path: '/ramdisk.gz', bytes: disk }])
    return lintMenu(parseMenu(menu), { root }).filter((it) => it.rule.startsWith('ramdisk'))
  }
  expect(found(512)).toEqual([])
  expect(found(511)).toMatchObject([{ rule: 'ramdisk-too-large' }])
})

test.for([
  [
    'bin type=dir\netc moed=0755\n',
    '2: Expected a keyword of mtree(5), found moed. Did you mean "mode"?',
  ],
  [
    'n type=node\n',
    '1: Expected one of the types file, dir, link, char, block, fifo, socket; found node.',
  ],
  [
    `n \x1b[2J${'x'.repeat(99)}\n`,
    `1: Expected a keyword of mtree(5), found ␛[2J${'x'.repeat(36)}.`,
  ],
  ['n type=char device=5\n', '1: Expected device=native,MAJOR,MINOR, found 5.'],
  ['n type=dir mode=u+x\n', '1: Expected an octal mode such as mode=0755, found u+x.'],
  ['a type=dir uname=me\n', '1: Expected uid=NUMBER: only the target knows who is called me.'],
  ['l type=link\n', '1: Expected link=TARGET of a symbolic link, found none.'],
  ['a contents=.\n', '1: Expected the contents of a in the file'],
  ['a/../b type=dir\n', '1: expected a path without "..", found a/../b.'],
  ['a type=fifo\na/b type=dir\n', 'a/b cannot lie in a, which is no directory.'],
] as const)('a manifest is refused with the line: %s', async ([text, sentence]) => {
  write('manifest', text)
  const built = build(['manifest'])
  await expect(built).rejects.toMatchObject({ exitStatus: 2 })
  await expect(built).rejects.toThrow(sentence)
})

test.for([
  ['nothing', 'Expected a ramdisk at gone, found nothing.', () => {}],
  [
    'a pipe',
    'Expected a ramdisk at gone, found a pipe.',
    () => execFileSync('mkfifo', [at('gone')]),
  ],
  ['a text', 'perhaps zipped, at gone; found neither.', () => write('gone', 'kernel /x\n')],
  [
    'half a gzip file',
    'gone begins as a gzip file and cannot be unzipped: unexpected end of file.',
    () => write('gone', Buffer.from('1f8b080000000000000303', 'hex')),
  ],
] as const)('what is no ramdisk is refused: %s', async ([, sentence, prepare]) => {
  prepare()
  const opened = openRamdisk(at('gone'))
  await expect(opened).rejects.toMatchObject({ exitStatus: 2 })
  await expect(opened).rejects.toThrow(sentence.replace('gone', at('gone')))
})

test('a pipe that nobody writes into is not waited for', async () => {
  execFileSync('mkfifo', [at('pipe')])
  await expect(build(['pipe'])).rejects.toThrow('found a pipe from which nothing comes.')
})

test('a file with several names has its bytes under each of them', async () => {
  write('root/a', 'of all\n')
  for (const name of ['b', 'c']) fs.linkSync(at('root/a'), at(`root/${name}`))
  const archive = ['-C', at('root'), '-c', '-f', at('links.cpio'), '--format=newc', '.']
  execFileSync('bsdtar', archive)
  for (const name of ['a', 'b', 'c']) {
    const { entries, text } = await look(at('links.cpio'), name)
    expect(text).toBe('of all\n')
    expect(entries.find((it) => it.path === name)).toMatchObject({ size: 7 })
  }
})

describe('a damaged one', () => {
  test('is found by e2fsck', async () => {
    write('root/bin/sh', '#!/bin/sh\n', 0o755)
    write('manifest', 'dev/console type=char device=5,1\n')
    const file = await build(['root', 'manifest'], { gzip: true })
    const image = gunzipSync(fs.readFileSync(file))
    // The block bitmap, where the first group says that it lies.
    image.fill(0, image.readUInt32LE(2048) * 1024, image.readUInt32LE(2048) * 1024 + 64)
    fs.writeFileSync(file, gzipSync(image))
    const { problems } = await checkRamdisk(file)
    expect(problems).toEqual([
      expect.stringMatching(/^e2fsck finds errors:\n {2}Block bitmap differences: /),
    ])
  })

  test.for(['ext2', 'newc'] as const)('that is cut off is told: %s', async (format) => {
    write('root/bin/sh', Buffer.alloc(200_000, 1))
    const file = await build(['root'], { format })
    fs.truncateSync(file, 100_000)
    await expect(openRamdisk(file)).rejects.toMatchObject({
      exitStatus: 2,
      message: expect.stringContaining(file),
    })
  })
})
