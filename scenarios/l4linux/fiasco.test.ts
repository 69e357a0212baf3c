import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { jdbOn, shellOn } from 'bootstand'
import { describe, expect, test } from 'bootstand/testing'
import { inject } from 'vitest'
import fiasco, { fiascoWith, linuxArguments, modules } from './fiasco.ts'

const images = inject('bootstand')?.images ?? process.env['BOOTSTAND_IMAGES'] ?? ''
const files = ['bootstrap', ...modules.map((it) => it.split(' ')[0]!)]
const isThere = images !== '' && files.every((it) => fs.existsSync(path.join(images, it)))
const reason = `BOOTSTAND_IMAGES names no directory with L4Linux on Fiasco.OC (${files.join(', ')})`

describe('L4Linux 4.15 on Fiasco.OC, from the images of the user', () => {
  test.for(['direct', 'disk'] as const)('boots by %s', async (method, { boot, skip }) => {
    skip(!isThere, reason)
    const target = await boot(fiasco, { images, method })
    await expect(target.com1).toPrint('/ # ')
    const { phases } = await target.stop()
    expect(phases.map(({ name }) => name)).toEqual([
      ...['loader', 'bootstrap', 'kernel', 'sigma0', 'root task', 'L4Linux', 'Linux', 'ramdisk'],
      ...['root file system', 'init'],
    ])
  })

  test('a shell, the debugger, the shell again, and the end', async ({ boot, skip }) => {
    skip(!isThere, reason)
    const target = await boot(fiasco, { images, method: 'iso' })
    const shell = shellOn(target.com1)
    expect(await shell.run('mkdir /new && ls -d /new')).toEqual({ output: '/new', status: 0 })
    expect(await shell.run('ls /nope')).toEqual({
      output: 'ls: /nope: No such file or directory',
      status: 1,
    })

    await target.debugger.enter()
    const threads = await target.debugger.threads()
    for (const [name, priority] of [
      ['sigma0', 1],
      ['moe', 255],
      ['ned', 2],
    ] as const)
      expect(threads).toContainEqual(expect.objectContaining({ name, priority, ready: false }))
    expect(await target.debugger.frame()).toMatchObject({
      trap: { name: 'Breakpoint', mode: 'kernel' },
    })
    // Moe's id is a.
    for (const name of ['sigma0', 'moe'])
      expect(await target.debugger.thread(name)).toMatchObject({
        ...{ system: 'fiasco', kind: 'thread', states: ['rcv_wait'] },
      })
    const { controlBlock: address } = await jdbOn(target.com1).thread()
    const words = Array.from({ length: 8 }, () => expect.any(String))
    expect(await target.debugger.memory(Number(address))).toMatchObject({
      rows: [{ address, words }, ...Array.from({ length: 23 }, () => ({}))],
    })
    await expect(target.debugger.thread('nobody')).rejects.toThrow('found "nobody"')
    await target.debugger.continue()
    await target.com1.type('\r')

    expect(await shell.run('ls -d /new')).toEqual({ output: '/new', status: 0 })
    await target.com1.type('poweroff -f\r')
    await expect(target.com1).toPrint('Terminating L4Linux.')
    expect(await target.stop()).toMatchObject({ outcome: 'finished' })
  })

  test('a Fiasco that does not listen for Escape', async ({ boot, skip }) => {
    skip(!isThere, reason)
    const deaf = fiascoWith(modules.map((it) => it.replace(' -serial_esc', '')))
    const target = await boot(deaf, { images, method: 'direct' })
    await expect(target.com1).toPrint('/ # ')
    await expect(target.debugger.enter()).rejects.toThrow('only with -serial_esc')
  })

  test('a Fiasco that waits in its debugger before it starts', async ({ boot, skip }) => {
    skip(!isThere, reason)
    const waiting = fiascoWith(modules.map((it) => it.replace('-serial_esc', '-serial_esc -wait')))
    const target = await boot(waiting, { images, method: 'direct' })
    await target.debugger.stopped({ within: 20_000 })
    expect(await target.debugger.threads()).toEqual([expect.objectContaining({ ready: true })])
    await target.debugger.continue()
    await expect(target.com1).toPrint('/ # ')
  })

  test.for([
    ['nothing behind the loader', [], 128, 'This is an invalid binary'],
    ['sigma0 before the kernel', ['sigma0', 'fiasco', 'moe'], 128, 'could not find kernel info'],
    ['too little memory', modules, 32, 'fatal: could not find free RAM region for modules'],
  ] as const)('%s', async ([, lines, memory, reasonGiven], { boot, skip }) => {
    skip(!isThere, reason)
    const target = await boot(fiascoWith(lines, memory), { images, method: 'direct' })
    await expect(target.com1.waitFor('/ # ')).rejects.toThrow(
      `L4Re's boot loader gave up: "${reasonGiven}`,
    )
    const verdict = await target.stop()
    expect(verdict).toMatchObject({ outcome: 'waiting-in-loader', culprit: 'bootset' })
  })

  /** What is said of each boot that does not come to a shell. */
  const mistakes: readonly (readonly [
    what: string,
    change: { readonly words?: readonly [string, string]; readonly without?: string },
    verdict: readonly [outcome: string, culprit: string, summary: string],
  ])[] = [
    [
      'a root that nobody has',
      { words: ['l4x_rd=rom/ramdisk-x86.rd root=1:0', 'root=/dev/hda1'] },
      ['crashed', 'bootset', 'no root file system (VFS: Cannot open root device "hda1"'],
    ],
    [
      'a ramdisk that is no module',
      { words: ['rom/ramdisk-x86.rd', 'rom/nope.rd'] },
      ['crashed', 'bootset', "no root file system (Couldn't load ramdisk)"],
    ],
    [
      'a ramdisk that is too small',
      { words: ['ramdisk_size=4000', 'ramdisk_size=1000'] },
      ['crashed', 'bootset', '(RAMDISK: image too big! (3072KiB/1000KiB))'],
    ],
    [
      'an init that is not there',
      { words: ['/bin/sh', '/nonexistent'] },
      ['crashed', 'bootset', 'Linux panicked: "Requested init /nonexistent failed (error -2)."'],
    ],
    [
      'no init=, so it asks for Enter',
      { words: ['init=/bin/sh', ''] },
      ['waiting-for-input', 'usage', 'nothing had come for'],
    ],
    [
      'a console that is not its own',
      { words: ['ttyLv0', 'tty0'] },
      ['silent', 'guest', 'nothing had come for'],
    ],
    [
      'more memory than there is',
      { words: ['64M', '300M'] },
      ['crashed', 'bootset', 'L4Linux gave up: "Can\'t get main memory of 307200kiB"'],
    ],
    [
      'no L4Re',
      { without: 'l4re' },
      ['crashed', 'bootset', 'Moe, gave up: "No such object found: rom/l4re"'],
    ],
    [
      'no script',
      { without: 'l4linux.cfg' },
      ['crashed', 'bootset', 'Ned gave up its script: "cannot open rom/l4linux.cfg'],
    ],
  ]

  test.for(mistakes)('%s', async ([, { words, without }, expected], { boot, skip }) => {
    skip(!isThere, reason)
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-fiasco-'))
    try {
      for (const it of files)
        if (it !== 'l4linux.cfg') fs.symlinkSync(path.resolve(images, it), path.join(folder, it))
      const told = words === undefined ? linuxArguments : linuxArguments.replace(...words)
      const start = `L4.default_loader:start({ log = L4.Env.log:m("rws") }, "rom/vmlinuz ${told}");`
      fs.writeFileSync(path.join(folder, 'l4linux.cfg'), `local L4 = require("L4");\n${start}\n`)
      const scenario = fiascoWith(modules.filter((it) => it !== without))
      const target = await boot(scenario, { images: folder, method: 'direct' })
      await target.com1.waitFor('/ # ', { silence: 5_000 }).catch(() => {})
      const verdict = await target.stop()
      expect([verdict.outcome, verdict.culprit]).toEqual(expected.slice(0, 2))
      expect(verdict.summary).toContain(expected[2])
      if (verdict.outcome === 'waiting-for-input') return
      expect(verdict.interrogation[0]).toMatch(/^thread: thread \w+ of /)
      expect(verdict.interrogation[1]).toMatch(/^threads: \d+ threads/)
    } finally {
      fs.rmSync(folder, { recursive: true })
    }
  })
})
