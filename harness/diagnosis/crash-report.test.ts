import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { notIn } from '../dumps/invented.ts'
import { elfSymbols } from '../formats/elf-symbols.ts'
import { parseElf, type ElfFile } from '../formats/elf.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { bootedFiles } from './booted-files.ts'
import { crashReports } from './crash-report.ts'
import { processorTimeOf } from '../test-tools/processor-time.ts'

const folder = path.join(import.meta.dirname, '../../fixtures/recordings')
const recordings = fs
  .readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:log|raw)$/.test(name))
  .toSorted()
  .map((name) => ({ name, text: fs.readFileSync(path.join(folder, name), 'latin1') }))
const recording = (name: string) => recordings.find((it) => it.name === name)!.text
const reports = (text: string) => crashReports(text, { files: [] })

/** What is said of each was compared with the recording by eye. */
test('crashes.txt tells every stop of the recordings', async () => {
  const told = recordings.flatMap(({ name, text }) => {
    const found = reports(text)
    if (found.length === 0) return []
    const rows = found.map(
      ({ lines, identity, phase, title }) =>
        `  ${lines.first}-${lines.last} ${identity} ${phase === undefined ? '' : `[${phase}] `}${title}`,
    )
    return [name, ...rows]
  })
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot(path.join(folder, 'crashes.txt'))
})

test('a program that fails is told with its thread and registers', () => {
  const [crash] = reports(recording('pistachio/kdb-rt-hlt.log'))
  expect(crash).toMatchObject({
    system: 'pistachio',
    kind: 'exception',
    reason: 'general protection fault',
    phase: 'root task',
    where: { address: '0x400021', area: { name: 'the root task', source: 'load lines' } },
    noticed: { address: '0xf0118d70', area: { name: 'the kernel' } },
    thread: { controlBlock: '0xe0019000', id: '0x000c8001', priority: 255, state: 'RUNNING' },
    registers: { of: 'program', values: { edx: '0x3fd' } },
  })
  expect(crash!.excerpt).toContain('--- "KD# #GP" ---')
})

test('of several processors it is said which one a thread runs on', () => {
  const [crash] = reports(recording('pistachio/80-smp-rt-cpu1-ud2.log'))
  expect(crash!.thread).toMatchObject({ id: '0x000e8001', processor: 1 })
  expect(crash!.readyQueue!.map(({ cpu, threads }) => [cpu, ...threads])).toContainEqual([
    1,
    'ROOTTASK',
  ])
})

test('what other processors assert meanwhile is not taken for the reason', () => {
  const [crash, ...others] = reports(recording('pistachio/80-smp-asserts-rt-ud2.log'))
  expect(others).toEqual([])
  expect(crash).toMatchObject({ reason: 'invalid opcode', where: { address: '0x004000d0' } })
  expect(crash!.says[0]).toContain('; meanwhile assertion "get_cpu() == dest->get_cpu()" failed')
})

test('where nothing was printed, the current thread tells it, and is said to', () => {
  const text = recording('pistachio/kdb-rt-div0.log')
  const [crash] = reports(text)
  expect(crash!.where).toMatchObject({ address: '0x00400028', ofCurrentThread: true })
  const [short] = reports(text.slice(0, text.indexOf('showtcb')))
  expect(short!.where).toBeUndefined()
  expect(short!.title).toBe('Pistachio: divide error noticed in the kernel at 0xf0118f5f')
})

test.for([
  ['f0100200', 'the kernel'],
  ['00020010', 'sigma0'],
  ['003ff010', 'L4Linux'],
  ['00400020', 'L4Linux or another root task'],
  ['00712345', 'another root task'],
  ['a0008123', "L4Linux' emulib in its programs"],
] as const)('without a file and load lines, %s is typically %s', ([at, name]) => {
  const [crash] = reports(`e0019000: invalid opcode at IP ${at}`)
  expect(crash!.title).toBe(`Pistachio: invalid opcode at 0x${at}, typically ${name}`)
  expect(crash!.where!.area!.stated).not.toBe('')
})

test('an address that no source names is not named', () => {
  const titles = ['00031000', 'a0009000', '50000000'].map(
    (at) => reports(`e0019000: invalid opcode at IP ${at}`)[0]!.title,
  )
  expect(titles).toStrictEqual([
    'Pistachio: invalid opcode at 0x00031000',
    'Pistachio: invalid opcode at 0xa0009000',
    'Pistachio: invalid opcode at 0x50000000',
  ])
})

test('what kickstart loaded is certain, and nothing typical stands against it', () => {
  const log = recording('pistachio/kdb-rt-ud2.log')
  const of = (at: string) => reports(log.replaceAll('IP 00400021', `IP ${at}`))[0]!.title
  expect(of('00403fff')).toBe('Pistachio: invalid opcode in the root task at 0x00403fff')
  expect(of('00600000')).toBe('Pistachio: invalid opcode at 0x00600000')
  expect(of('a0008123')).toMatch(/at 0xa0008123, typically L4Linux' emulib/)
})

test('an oops of L4Linux on Pistachio lies in the root task', () => {
  const load = recording('pistachio/kdb-rt-ud2.log').split('Launching')[0]!
  const oops = 'Oops: 0002\nCPU:    0\nEIP:    0010:[<00400021>]    Not tainted\nEFLAGS: 00010246\n'
  expect(reports(load + oops)[0]!.title).toBe('Linux: Oops: 0002 in the root task at 0x00400021')
  expect(reports(oops)[0]!.title).toBe('Linux: Oops: 0002 at 0x00400021')
})

test('threads are told with what their priority is typical of, or that nobody says it', () => {
  const log = recording('pistachio/03-kdb-commands.log')
  const priority255 = "typically a root server or an interrupt's thread"
  expect(reports(log)[0]).toMatchObject({
    thread: { priority: 255, priorityClass: priority255 },
    readyQueue: [
      { cpu: 0, priority: 255, priorityClass: priority255, threads: ['(SIGMA0)', 'ROOTTASK'] },
      { priority: 100, priorityClass: expect.stringMatching(/^typically/), threads: ['000cc002'] },
      { priority: 0, threads: ['(KRN_THRD)'] },
    ],
  })
  const [other] = reports(log.replaceAll('[100]:', '[140]:'))
  expect(other!.readyQueue![1]!.priorityClass).toMatch(/^class unknown; .* PRIO_IRQ of L4Linux/)
})

test("Fiasco's assertions and traps are told with their places", () => {
  const failed = reports('Assertion failed at kern/thread.cpp:420:0xf0012345: state() == 0\n')
  expect(failed).toMatchObject([
    {
      title: 'Fiasco: assertion "state() == 0" failed in thread.cpp at 0xf0012345',
      kind: 'assertion',
    },
  ])
  const trap = 'EAX 00000001 EBX 00000002\nEIP f0012345 EFLAGS 00000002\n'
  const died = reports(
    `${trap}trap 6 (Invalid Opcode), error 0, from kernel mode\nPanic: terminated due to trap\n`,
  )
  expect(died).toMatchObject([
    {
      title: 'Fiasco: invalid opcode at 0xf0012345',
      registers: { of: 'kernel', values: { eax: '0x00000001' } },
    },
  ])
})

test('the same crash has the same identity, another one has another', () => {
  const identities = reports(recording('pistachio/kdb-rt-pf-high.log')).map((it) => it.identity)
  expect(identities).toHaveLength(2)
  expect(new Set(identities).size).toBe(1)
  const [moved] = reports(
    recording('pistachio/kdb-rt-pf-high.log').replaceAll('00400021', '00400035'),
  )
  expect(moved!.identity).toBe(identities[0])
  const [other] = reports(recording('pistachio/kdb-rt-ud2.log'))
  expect(other!.identity).not.toBe(identities[0])
})

const file = (name: string) => ({ name, bytes: fs.readFileSync(path.join(standInFolder, name)) })

const hex = (value: number) => value.toString(16).padStart(8, '0')

/** What kickstart prints of a module. */
const loadLines = (label: string, bytes: Buffer): string => {
  const { entry, segments } = parseElf(bytes) as ElfFile
  return [
    ` ${label} (0x00809000-0x${hex(0x809000 + bytes.length)}) => 0x${hex(entry)}`,
    ...segments.map(
      ({ physical, memorySize }) =>
        `  (0x00809000-0x00809100) -> 0x${hex(physical)}-0x${hex(physical + memorySize)}`,
    ),
  ].join('\n')
}

const addressOf = ({ bytes }: { bytes: Buffer }, name: string): number =>
  elfSymbols(bytes).find((it) => it.name === name)!.address

test('the files are those that kickstart loaded, and give the routines', () => {
  const files = ['rt-sleep', 'ia32-kernel', 'rt-ud2', 'sigma0'].map(file)
  const [, kernel, rootTask] = files as [unknown, (typeof files)[0], (typeof files)[0]]
  const text = [
    'KickStart 0.13.06',
    loadLines('kernel  ', kernel.bytes),
    loadLines('sigma0  ', files[3]!.bytes),
    loadLines('roottask', rootTask.bytes),
    `e0019000: invalid opcode at IP ${hex(addressOf(rootTask, 'main') + 3)}`,
    '--- "KD# invalid opcode" ---',
    `${'-'.repeat(33)} (eip=${hex(addressOf(kernel, 'kernel_main') + 5)}, esp=00000000) ---`,
  ].join('\n')
  const booted = bootedFiles(text, files)
  expect(booted.files.map((it) => it.name)).toStrictEqual(['ia32-kernel', 'sigma0', 'rt-ud2'])
  const [crash] = crashReports(text, booted)
  expect(crash).toMatchObject({
    title: 'Pistachio: invalid opcode in rt-ud2, main+0x3',
    noticed: { places: [{ image: 'ia32-kernel', symbol: 'kernel_main', offset: 5 }] },
  })
  const stale = bootedFiles(text, files.slice(0, 2))
  expect(stale.notes).toStrictEqual([
    expect.stringContaining('None of the files is the sigma0 that was booted'),
    expect.stringContaining('None of the files is the root task that was booted'),
  ])
})

/** What KDB's `B` shows of programs. */
const bootInformation = (...programs: readonly { name: string; bytes: Buffer }[]): string =>
  [
    'Generic BootInfo @ 00808000',
    ...programs.flatMap(({ name, bytes }, index) => {
      const { entry, segments } = parseElf(bytes) as ElfFile
      const low = Math.min(...segments.map((it) => it.physical))
      const size = Math.max(...segments.map((it) => it.physical + it.memorySize)) - low
      return [
        `[${index + 1}] Simple executable (version 1):`,
        `  text:      [paddr: ${hex(low)}, vaddr: ${hex(low)}, size: ${hex(size)}]`,
        '  data:      [paddr: 00000000, vaddr: 00000000, size: 00000000]',
        `  entry:     ${hex(entry)}`,
        `  cmdline:   /images/${name} arguments`,
        '',
      ]
    }),
  ].join('\n')

test('the boot information settles which of several files was booted', () => {
  const root = file('rt-ud2')
  const files = [{ ...root, name: 'rt-copy' }, root, file('sigma0'), file('ia32-kernel')]
  const stop = `e0019000: invalid opcode at IP ${hex(addressOf(root, 'main') + 3)}\n`
  const loaded = `KickStart 0.13.06\n${loadLines('roottask', root.bytes)}\n`
  const told = bootInformation(files[2]!, root)
  const titles = (text: string) => crashReports(text, bootedFiles(text, files))[0]!.title
  const both = 'Pistachio: invalid opcode in rt-copy, main+0x3 or rt-ud2, main+0x3'
  expect(titles(loaded + stop)).toBe(both)
  expect(titles(loaded + stop + told)).toBe('Pistachio: invalid opcode in rt-ud2, main+0x3')
  // Without load lines, it tells as well what cannot have been booted.
  expect(titles(stop + told)).toBe('Pistachio: invalid opcode in rt-ud2, main+0x3')
  expect(bootedFiles(stop + told, files).files.map((it) => it.name)).toStrictEqual([
    'ia32-kernel',
    'sigma0',
    'rt-ud2',
  ])
  expect(bootedFiles(stop + told, [file('pingpong')])).toMatchObject({
    files: [],
    notes: [expect.stringContaining('sigma0 as'), expect.stringContaining('rt-ud2 as')],
  })
  // That of a boot before tells nothing of this one.
  expect(titles(`${told}\n> go\n${loaded}${stop}`)).toBe(both)
})

test('the boot information says whose an address is, without files', () => {
  const log = recording('pistachio/kdb-rt-ud2.log')
  const cut = log.slice(log.indexOf('Launching'))
  expect(reports(cut)[0]!.title).toBe('Pistachio: invalid opcode in rt-ud2 at 0x00400021')
  const short = cut.slice(0, cut.indexOf('bootinfo'))
  expect(reports(short)[0]!.title).toMatch(/typically L4Linux or another root task$/)
})

test('a return address tells the call before it', () => {
  const root = file('rt-ud2')
  const main = addressOf(root, 'main')
  const frame = `fault addr:   ${main.toString(16)}\tstack:   404fe0\terror code: 0 frame: e00197bc`
  const registers = '\teax:       17\tebx: f0131800\n\tcs :       1b\tss :       23'
  const words = [main + 0x10, 0x00000001, 0x00404ff0, main].map(hex).join(' ')
  const text = [
    `${frame}\n${registers}`,
    '--- "KD# #GP" ---',
    `${'-'.repeat(33)} (eip=f0118d70, esp=e00197bc) ---`,
    `00404fe0  ${words}   ........ ........`,
  ].join('\n')
  const [crash] = crashReports(text, { files: [{ ...root, runsAsKernel: false }] })
  expect(crash!.stack[0]).toMatchObject({
    index: 0,
    word: `0x${hex(main + 0x10)}`,
    places: [{ symbol: 'main', instruction: main + 0xf }],
  })
  // The last word points at main's first byte: a call before it would not be main's.
  expect(crash!.stack.flatMap((it) => it.places).filter((it) => it.symbol === 'main')).toHaveLength(
    1,
  )
})

test('two files at one address are both named', () => {
  const files = ['rt-ud2', 'rt-sleep'].map((it) => ({ ...file(it), runsAsKernel: false }))
  const at = hex(addressOf(files[0]!, 'main'))
  const [crash] = crashReports(`e0019000: invalid opcode at IP ${at}`, { files })
  expect(crash!.where!.places.map((it) => it.image)).toStrictEqual(['rt-ud2', 'rt-sleep'])
  expect(crash!.title).toMatch(/rt-ud2, main\+0x0 or rt-sleep, /)
})

test('never throws or invents, whatever the text', () => {
  const files = [file('ia32-kernel'), file('rt-ud2')]
  const pieces = fc
    .constantFrom(...recordings)
    .chain(({ text }) =>
      fc
        .tuple(fc.nat(text.length), fc.nat(4000), fc.string({ unit: 'binary', maxLength: 30 }))
        .map(
          ([from, length, noise]) =>
            text.slice(from, from + length) + noise + text.slice(from, from + 300),
        ),
    )
  fc.assert(
    fc.property(pieces, (text) => {
      for (const crash of crashReports(text, bootedFiles(text, files))) {
        expect(crash.title).not.toBe('')
        expect(crash.excerpt.length).toBeGreaterThan(0)
        const { where, noticed, address, registers, callers, stack, thread, excerpt } = crash
        const instructions = [where, noticed, ...callers].map((it) => it?.address)
        const { priorityClass: _, ...its } = thread ?? {}
        const words = stack.map((it) => it.word)
        const data = [instructions, address, registers?.values, words, its, excerpt]
        expect(notIn(text, data)).toStrictEqual([])
      }
    }),
    { numRuns: 150 },
  )
})

test('a log full of stops takes no time', async () => {
  const stop = 'ROOTTASK pf @ f0100000, ip=00400021\n--- "KD# user touches kernel area" ---\n> go\n'
  const time = await processorTimeOf(() => {
    expect(reports(stop.repeat(20_000))).toHaveLength(20_000)
  })
  expect(time).toBeLessThan(10_000)
})

test('of a touched address, the page table is told', () => {
  const [crash] = reports(recording('pistachio/asked-rt-pf-high.log'))
  expect(crash).toMatchObject({
    address: '0xf0100000',
    page: "writable, the kernel's alone: a page of 4MB at the physical address 0x00000000",
  })
})

test('a hang is told by the thread that runs, or by those that wait', () => {
  const [spinning] = reports(recording('pistachio/asked-rt-spin.log'))
  expect(spinning).toMatchObject({
    kind: 'break-in',
    where: { address: '0x00400280', ofCurrentThread: true },
    others: [],
  })
  const [idle] = reports(recording('pistachio/asked-rt-sleep.log'))
  expect(idle!.title).toBe(
    'Pistachio: the debugger was entered from outside, while the processor idled',
  )
  expect(idle!.where).toBeUndefined()
  expect(idle!.others).toMatchObject([
    { thread: { id: '0x000c0001', state: 'WAIT_FE' }, where: { address: '0x000205e8' } },
    { thread: { id: '0x000c8001', state: 'WAIT_FE' }, where: { area: { name: 'the root task' } } },
  ])
  expect(idle!.identity).not.toBe(spinning!.identity)
})

test('what else the debugger answered is told', () => {
  const [exhausted] = reports(recording('pistachio/asked-rt-kmem.log'))
  expect(exhausted!.answers).toContain(
    'kernel memory: 12KB free, kmem_misc 4 MB, kmem_pgtab 3 MB, kmem_space 3 MB',
  )
  const [traced] = reports(recording('pistachio/asked-tracebuffer-rt-ud2.log'))
  expect(traced!.answers.at(-1)).toMatch(/^traced last: mdb_map \(from /)
})
