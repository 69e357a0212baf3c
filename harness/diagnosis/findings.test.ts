import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { standInFolder } from '../host/stand-ins.ts'
import { findingsIn } from './findings.ts'

const folder = path.join(import.meta.dirname, '../../fixtures/recordings')
const recordings = fs
  .readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:log|raw)$/.test(name))
  .toSorted()
const recording = (name: string) => fs.readFileSync(path.join(folder, name), 'latin1')
const ids = (text: string, context = {}) => findingsIn(text, context).map((it) => it.id)

/** What is advised of each was compared with the recording by eye. */
test('advice.txt tells what each recording is advised', async () => {
  const told = recordings.flatMap((name) =>
    findingsIn(recording(name)).map(({ id, line }) => `${name}:${line} ${id}`),
  )
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot(path.join(folder, 'advice.txt'))
})

test('a finding has the lines that show it, as they stand in the log', () => {
  for (const name of recordings) {
    const text = recording(name)
    for (const { evidence, line, advice, source } of findingsIn(text)) {
      expect(evidence.map((it) => it.line)).toContain(line)
      for (const shown of evidence)
        expect(text.split('\n')[shown.line! - 1]).toContain(shown.text.trim().slice(0, 20))
      expect(advice).not.toBe('')
      expect(source).not.toBe('')
    }
  }
})

test('modules in the wrong order show in the load lines, whatever comes of them', () => {
  const swapped = recording('pistachio/20-err-swapped-sigma0-root.log')
  const loaded = swapped.slice(0, swapped.indexOf('Launching kernel'))
  expect(findingsIn(loaded)).toMatchObject([{ id: 'modules-swapped' }])
  const onSigma0 = findingsIn(recording('pistachio/kickstart-root-on-sigma0.log'))
  expect(onSigma0.map(({ id }) => id)).toStrictEqual(['image-overlaps'])
})

test('two boots in one log are a reset', () => {
  const boot = 'KickStart 0.13.06\nLaunching kernel ...\n'
  expect(findingsIn(boot)).toStrictEqual([])
  expect(findingsIn(boot + boot)).toMatchObject([
    { id: 'machine-reset', line: 3, evidence: [{ line: 1 }, { line: 3 }] },
  ])
})

test('the line of a ramdisk is known with its prefix', () => {
  const line = 'vmlinuz | <3>RAMDISK: image too big! (3072KiB/1000KiB)'
  expect(findingsIn(line)).toMatchObject([{ id: 'ramdisk-too-big', line: 1 }])
})

describe('ramdisks are large from 64 MB on, and if there are several', () => {
  test.for([
    ['4 RAM disks of 65536K', true],
    ['16 RAM disks of 131072K', true],
    ['16 RAM disks of 8192K', false],
    ['4 RAM disks of 65535K', false],
    ['1 RAM disks of 65536K', false],
  ] as const)('%s: %s', ([disks, isLarge]) => {
    const line = `RAMDISK driver initialized: ${disks} size 1024 blocksize`
    expect(ids(line)).toStrictEqual(isLarge ? ['ramdisks-large'] : [])
  })
})

test.for([
  ['invalid opcode at IP 00000000', 'null-pointer-called'],
  ['ROOTTASK pf @ f000ff53, ip=00000002', 'null-pointer-called'],
  ['\teax: f000ff53\tebx: 00000000', 'null-pointer-read'],
  ['--- "KD# breakin" ---', 'keys-lost'],
  ['Reserving 0B for kernel memory', 'kernel-memory-unreadable'],
] as const)('%s is %s', ([line, id]) => {
  expect(ids(`e0019000: ${line}`.replace(/^e0019000: (?!invalid)/, ''))).toContain(id)
})

test.for([
  '00000000  f000ff53 f000ff53 f000e2c3 f000ff53   S... S... ........',
  '--- "KD# break" ---',
  'e0019000: f000ff530',
])('%s is nothing', (line) => {
  expect(ids(line)).toStrictEqual([])
})

describe('kernel memory that was asked for', () => {
  const boot = (kernel: string, module: string, said: string) =>
    [`kernel /kickstart${kernel}`, `module /ia32-kernel${module}`, 'module /sigma0']
      .concat('KickStart 0.13.06', said, 'Launching kernel ...')
      .concat('\tfound  16M kmem (2fe0000-3fdffff) -> (f2fe0000-f3fdffff)')
      .join('\n')

  test("on a module's line has no effect", () => {
    const [finding] = findingsIn(boot('', ' kmem=40M', ''))
    expect(finding).toMatchObject({
      id: 'kernel-memory-on-module',
      evidence: [{ line: 2, text: 'module /ia32-kernel kmem=40M' }, { line: 7 }],
    })
  })

  test('may be less', () => {
    const reserving = 'Reserving 256MB for kernel memory'
    expect(findingsIn(boot(' kmem=256M', '', reserving))).toMatchObject([
      { id: 'kernel-memory-less', evidence: [{ line: 5, text: reserving }, { line: 7 }] },
    ])
    expect(ids(boot(' kmem=16M', '', 'Reserving 16MB for kernel memory'))).toStrictEqual([])
    expect(ids(boot(' kmem=16M', ' kmem=40M', 'Reserving 16MB for kernel memory'))).toStrictEqual(
      [],
    )
  })
})

describe('virtual processors', () => {
  const log = (maxcpus: number, physical: number) =>
    [`module /vmlinuz.VX2 maxcpus=${maxcpus} root=/dev/hda1`, 'KickStart 0.13.06']
      .concat(
        Array.from(
          { length: physical },
          (_, it) => `\tRegistering processor ${it} in KIP (0MHz, 9MHz)`,
        ),
      )
      .join('\n')

  test('that are more than the kernel has found physical ones', () => {
    expect(findingsIn(log(3, 2))).toMatchObject([
      { id: 'more-virtual-processors', evidence: [{ line: 1 }, { line: 4 }] },
    ])
    expect(ids(log(2, 2))).toStrictEqual([])
  })

  test('that are more than the machine has, where the kernel prints none', () => {
    expect(ids(log(2, 0))).toStrictEqual([])
    expect(findingsIn(log(2, 0), { processors: 1 })).toMatchObject([
      { evidence: [{ line: 1 }, { text: 'processors of the machine: 1' }] },
    ])
    expect(ids(log(2, 0), { processors: 2 })).toStrictEqual([])
  })
})

test('module versions matter to L4Linux only', () => {
  const build = 'gcc -D__KERNEL__ -DMODVERSIONS -c rd.c'
  expect(ids(build)).toStrictEqual([])
  expect(ids(`ld -o vmlinuz.VX2\n${build}`)).toStrictEqual(['module-versions'])
})

test('a console that the machine has no port for is not heard', () => {
  const log = 'Kernel command line: console=ttyS0 console=ttyS2,115200'
  expect(ids(log)).toStrictEqual([])
  expect(ids(log, { serialPorts: 2 })).toStrictEqual(['no-such-port'])
  expect(ids(log, { serialPorts: 3 })).toStrictEqual([])
})

test('L4Linux is silent only while it has not spoken', () => {
  const said = 'Linux kernel command line (2 args): mem=64M console=tty0'
  expect(ids(said)).toStrictEqual(['silent-console'])
  expect(ids(`${said}\nKernel command line: mem=64M console=tty0`)).toStrictEqual([])
  expect(ids(said.replace('tty0', 'ttyLv0'))).toStrictEqual([])
})

test('a triple fault needs the verdict of its run', () => {
  const log = 'Launching kernel ...\n\n'
  expect(ids(log)).toStrictEqual([])
  const end = { outcome: 'triple-fault', summary: 'the guest reset itself by a triple fault' }
  expect(findingsIn(log, { end })).toMatchObject([
    { id: 'triple-fault', evidence: [{ line: 1 }, { text: `the verdict: ${end.summary}` }] },
  ])
  expect(ids(log, { end: { ...end, outcome: 'reset' } })).toStrictEqual([])
})

test('a kernel of another build than the file is stale', () => {
  const kernel = {
    name: 'ia32-kernel',
    bytes: fs.readFileSync(path.join(standInFolder, 'ia32-kernel')),
  }
  const banner = /L4Ka::[^\0]*/.exec(kernel.bytes.toString('latin1'))![0]
  const files = [kernel, { name: 'text', bytes: Buffer.from('no kernel') }]
  expect(ids(banner, { files })).toStrictEqual([])
  const other = banner.replace(/built on \w+/, 'built on Mar')
  expect(findingsIn(other, { files })).toMatchObject([
    { id: 'stale-kernel', evidence: [{ line: 1 }, { text: `ia32-kernel has: ${banner}` }] },
  ])
  expect(ids(other, { files: files.slice(1) })).toStrictEqual([])
})

test('every source in this repository exists', () => {
  const sources = recordings.flatMap((it) => findingsIn(recording(it)).map((f) => f.source))
  for (const name of sources.join(' ').match(/(?:fixtures|docs)\/\S+\.(?:log|md)/g) ?? [])
    expect(fs.existsSync(path.join(folder, '../..', name)), name).toBe(true)
})
