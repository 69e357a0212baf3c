import { describe, expect, standIns, test } from 'bootstand/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { grubMenu, pistachio, WaitError, type BootedTarget, type Console } from 'bootstand'
import { processesIn } from '../../harness/host/processes.ts'
import * as faults from './faults.ts'
import pingpong from './pingpong.ts'

/** Awaits what never comes. Gives the error's second line: what the examination found. */
const proofOf = async (console: Console, within = 1_200): Promise<string> => {
  const error: unknown = await console.waitFor('what never comes', { within }).catch((it) => it)
  if (!(error instanceof WaitError)) throw error
  return error.message.split('\n')[1]!
}

const endOf = async (target: BootedTarget) => await target.stop()

test('a root task that spins: in which routine', async ({ boot }) => {
  const target = await boot(faults.spin)
  await expect(target.herc).toPrint('spinning')
  const proof = await proofOf(target.herc)
  expect(proof).toMatch(
    /^The guest spins: \d\d of \d\d samples at 0x00400[\da-f]{3}(?:\.\.0x00400[\da-f]{3})? \(rt-spin, main\+0x[\da-f]+\)/,
  )
  const verdict = await endOf(target)
  expect(verdict).toMatchObject({ outcome: 'spinning', culprit: 'guest' })
  expect(verdict.evidence).toMatchObject({ sentence: proof, halted: 0, status: 'running' })
  expect(verdict.evidence!.places[0]!.places).toEqual([expect.stringMatching(/^rt-spin, main\+/)])
  expect(verdict.evidence!.interrupts).toBeGreaterThan(0)
})

test('a root task that sleeps: the guest is alive but silent', async ({ boot }) => {
  const target = await boot(faults.sleep)
  await expect(target.herc).toPrint('sleeping')
  const proof = await proofOf(target.herc)
  expect(proof).toMatch(
    /^The guest is alive but silent: it idles, with interrupts on \(\d\d of \d\d samples at hlt at 0xf01[\da-f]{5} \((?:ia32|x86)-kernel, .*\), \d+ interrupts of devices came in .* s\), and herc has printed nothing for \d/,
  )
  const verdict = await endOf(target)
  expect(verdict).toMatchObject({ outcome: 'silent', culprit: 'guest' })
  expect(verdict.evidence!.interrupts).toBeGreaterThan(0)
})

test('a guest that prints something else', async ({ boot }) => {
  const target = await boot(pistachio({ rootTask: 'rt-tick' }))
  await expect(target.herc).toPrint(/^tick \d+/)
  expect(await proofOf(target.herc)).toMatch(/^The guest still prints on herc, the last time /)
  expect(await endOf(target)).toMatchObject({ outcome: 'still-printing', culprit: 'guest' })
})

test('a flood is no silence either', async ({ boot }) => {
  const target = await boot(pistachio({ rootTask: 'rt-flood', arguments: 'bytes=1000M' }))
  await expect(target.herc).toPrint(/^flood 00000100/)
  expect(await proofOf(target.herc, 300)).toMatch(/^The guest still prints on herc, the last time /)
  expect(await endOf(target)).toMatchObject({ outcome: 'still-printing', culprit: 'guest' })
})

test('a menu that nobody answers', async ({ boot }) => {
  const target = await boot(pingpong)
  await expect(target.herc).toPrint('s: print SQLite table')
  expect(await proofOf(target.herc)).toMatch(
    /^The guest waits for input: its last line is "s: print SQLite table"; \d+ of \d+ samples at .* \(pingpong, /,
  )
  expect(await endOf(target)).toMatchObject({ outcome: 'waiting-for-input', culprit: 'usage' })
})

test('a menu that ignores its answer', async ({ boot }) => {
  const target = await boot(pingpong)
  await expect(target.herc).toPrint('s: print SQLite table')
  await target.herc.type('x')
  expect(await proofOf(target.herc)).toContain('which has not answered the keys')
  expect(await endOf(target)).toMatchObject({ outcome: 'waiting-for-input', culprit: 'guest' })
})

describe('deadlines', () => {
  test('of processor time: a spinning guest uses it, a sleeping one does not', async ({ boot }) => {
    const spinning = await boot(faults.spin)
    await expect(spinning.herc).toPrint('spinning')
    await expect(spinning.herc.waitFor('what never comes', { cpu: 400 })).rejects.toThrow(
      /not printed within \d+\.\d\d s .*of QEMU's processor time/,
    )
    expect(await endOf(spinning)).toMatchObject({ outcome: 'spinning', culprit: 'guest' })
    const sleeping = await boot(faults.sleep)
    await expect(sleeping.herc).toPrint('sleeping')
    const deadlines = { cpu: 4_000, within: 1_000 }
    await expect(sleeping.herc.waitFor('what never comes', deadlines)).rejects.toThrow(
      /not printed within \d+\.\d\d s (?!.*processor)/,
    )
  })

  test('of silence: a guest that goes on printing has as long as it likes', async ({ boot }) => {
    const target = await boot(pistachio({ rootTask: 'rt-tick' }))
    await expect(target.herc).toPrint('tick 9', { silence: 20_000 })
    const silent = await boot(faults.sleep)
    await expect(silent.herc).toPrint('sleeping')
    await expect(silent.herc.waitFor('what never comes', { silence: 1_000 })).rejects.toThrow(
      'not printed before nothing had come for ',
    )
    expect(await endOf(silent)).toMatchObject({ outcome: 'silent', culprit: 'guest' })
  })
})

describe('the kernel debugger', () => {
  test('waits, and the test awaits something else', async ({ boot }) => {
    const target = await boot(faults.debuggerEntry)
    await expect(target.herc).toPrint('--- "hello from roottask" ---')
    await expect(target.herc).toPrint(/^> $/)
    expect(await proofOf(target.herc)).toMatch(
      /^The guest waits in its kernel debugger: its last line is ".*> .*"; \d+ of \d+ samples at 0xf01/,
    )
    expect(await endOf(target)).toMatchObject({
      outcome: 'waiting-in-debugger',
      culprit: 'guest',
    })
  })

  test('is entered by a program that nobody expected to', async ({ boot }) => {
    const target = await boot(faults.debuggerEntry)
    await expect(target.herc.waitFor('what never comes')).rejects.toThrow('hello from roottask')
    expect(await endOf(target)).toMatchObject({ outcome: 'waiting-in-debugger', culprit: 'guest' })
  })

  test('is entered by a crash that was awaited', async ({ boot }) => {
    const target = await boot(faults.undefinedOpcode)
    await expect(target.herc).toPrint('--- "KD# invalid opcode" ---')
    const verdict = await endOf(target)
    // What comes behind the awaited text belongs to the evidence, too.
    const text = fs.readFileSync(target.herc.transcript.path, 'latin1')
    expect(text.endsWith('> \x1b[0m')).toBe(true)
    expect(verdict).toMatchObject({
      outcome: 'expected-panic',
      summary: 'the kernel debugger was entered: "KD# invalid opcode", as awaited',
    })
    expect(verdict.culprit).toBeUndefined()
  })

  test.for([
    ['in a wait', 'what never comes', 'herc did not print "what never comes": the kernel debugger'],
    ['after it', 'Idle thread started', 'the kernel debugger was entered: "KD# kmem_alloc: out'],
  ] as const)('is entered by a crash %s', async ([, text, summary], { boot }) => {
    const target = await boot(faults.kernelMemory)
    const error: unknown = await target.herc.waitFor(text).catch((it) => it)
    if (error instanceof WaitError) expect(error.message).toMatch(/ {2}\| .*> .*\nWhole/)
    const printed = () => fs.readFileSync(target.herc.transcript.path, 'latin1')
    await expect.poll(printed, { timeout: 20_000 }).toContain('KD# kmem_alloc')
    const verdict = await endOf(target)
    expect(verdict).toMatchObject({ outcome: 'crashed', culprit: 'guest' })
    expect(verdict.summary.startsWith(summary)).toBe(true)
  })
})

describe('the machine ends', () => {
  test('by a triple fault', async ({ boot }) => {
    const target = await boot(faults.tripleFault)
    await expect(target.herc.waitFor('what never comes')).rejects.toThrow('triple fault')
    expect(await endOf(target)).toMatchObject({ outcome: 'triple-fault', culprit: 'guest' })
  })

  test('by a reset', async ({ boot }) => {
    const target = await boot(
      pistachio({ rootTask: 'rt-port', arguments: 'port=100 bytes=1 value=254' }),
    )
    await expect(target.herc.waitFor('what never comes')).rejects.toThrow('reset the machine')
    expect(await endOf(target)).toMatchObject({ outcome: 'reset', culprit: 'guest' })
  })
})

describe('kernels without kickstart', () => {
  const serial = 'serial --unit=0 --speed=115200\nterminal --timeout=0 --dumb serial\n'
  const menu = (kernel: string, head = serial) =>
    grubMenu({ menu: `${head}timeout 0\ntitle One\nroot (cd)\nkernel /${kernel}\n` })
  const options = { images: standIns, from: 'loader', method: 'iso' } as const

  test('a halt with interrupts off is for ever', async ({ boot }) => {
    const target = await boot(menu('halt'), options)
    await expect(target.com1).toPrint('halting')
    expect(await proofOf(target.com1, 300)).toMatch(
      /^The guest has halted with interrupts off, which is for ever: (\d+) of \1 samples at hlt at 0x002000\w\w \(halt, stop\+0x1\)\.$/,
    )
    const { outcome, culprit, evidence } = await endOf(target)
    expect({ outcome, culprit }).toEqual({ outcome: 'halted', culprit: 'guest' })
    expect(evidence!.halted).toBe(evidence!.samples)
    expect(evidence!.interruptsOff).toBe(evidence!.samples)
  })

  test('one that prints elsewhere is alive', async ({ boot }) => {
    const target = await boot(menu('mute', ''), options)
    const proof = await proofOf(target.com1, 3_000)
    expect(proof).toMatch(/^The guest is alive but silent: it idles, .*\(mute, idle\+0x1\)/)
    expect(proof).toContain('com1 has printed nothing at all. It may print elsewhere')
    expect(await endOf(target)).toMatchObject({ outcome: 'silent', culprit: 'bootset' })
  })
})

describe('the loader', () => {
  test('waits at its menu', async ({ boot }) => {
    const target = await boot(pingpong, { from: 'menu', method: 'iso' })
    expect(await proofOf(target.herc, 3_000)).toMatch(
      /^The guest is still in its firmware or loader: \d+ of \d+ samples/,
    )
    expect(await endOf(target)).toMatchObject({ outcome: 'waiting-in-loader', culprit: 'bootset' })
  })

  test('waits at its prompt', async ({ boot }) => {
    const menu = 'serial --unit=0 --speed=115200\nterminal --timeout=0 --dumb serial\n'
    const target = await boot(grubMenu({ menu }), {
      images: standIns,
      from: 'loader',
      method: 'iso',
    })
    expect(await proofOf(target.com1, 3_000)).toMatch(
      /^The boot loader waits for a key: its last line is "(?:␛\[\w+)*grub> ?/,
    )
    expect(await endOf(target)).toMatchObject({ outcome: 'waiting-in-loader', culprit: 'bootset' })
  })

  test('gives up', async ({ boot }) => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-verdicts-'))
    try {
      fs.cpSync(standIns, root, { recursive: true })
      const menu = `serial --unit=0\nterminal --timeout=0 --dumb serial\ntimeout 0\ntitle One\nroot (cd)\nkernel /nope\n`
      const target = await boot(grubMenu({ menu, missingFiles: 'allow' }), {
        images: root,
        from: 'loader',
        method: 'iso',
      })
      await expect(target.com1.waitFor('what never comes')).rejects.toThrow('File not found')
      expect(await endOf(target)).toMatchObject({
        outcome: 'waiting-in-loader',
        culprit: 'bootset',
      })
    } finally {
      fs.rmSync(root, { recursive: true })
    }
  })
})

describe('the host', () => {
  test('stops QEMU', async ({ boot }) => {
    const target = await boot(faults.sleep)
    await expect(target.herc).toPrint('sleeping')
    const [id] = processesIn(target.runFolder)
    process.kill(id!, 'SIGSTOP')
    expect(await proofOf(target.herc, 300)).toBe(
      'QEMU was stopped by a signal (its process is in state T), so the guest does not run.',
    )
    const verdict = await endOf(target)
    expect(verdict).toMatchObject({ outcome: 'host-failed', culprit: 'host' })
    expect(verdict.evidence).toMatchObject({ process: 'T', samples: 0 })
    expect(verdict.notes).toEqual([
      expect.stringMatching(
        /^What the VGA last showed is not kept: QEMU did not tell within \S+ ms/,
      ),
    ])
    expect(processesIn(target.runFolder)).toEqual([])
  })

  test('kills QEMU', async ({ boot }) => {
    const target = await boot(faults.sleep)
    await expect(target.herc).toPrint('sleeping')
    process.kill(processesIn(target.runFolder)[0]!, 'SIGKILL')
    await expect(target.herc.waitFor('what never comes')).rejects.toThrow('killed by SIGKILL')
    expect(await endOf(target)).toMatchObject({ outcome: 'emulator-failed', culprit: 'host' })
  })
})
