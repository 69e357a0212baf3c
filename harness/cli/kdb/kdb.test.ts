import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test, type TestContext } from 'vitest'
import { debianGnumach, debianXen } from '../../guests/debian-kernels.ts'
import { silently, type Guests } from '../../guests/guests.ts'
import { packageRoot } from '../../host/paths.ts'
import {
  bootstandProcess,
  command,
  emulators,
  folder,
  output,
  runFolders,
  scenarioOf,
  useSandbox,
  writeProject,
} from '../../test-tools/sandbox.ts'
import { atTerminal } from '../../test-tools/terminal.ts'

useSandbox()

const start = (...words: string[]) =>
  bootstandProcess(
    ['kdb', ...words, '--method', 'direct'],
    fs.existsSync(path.join(folder, 'scenarios')) ? folder : undefined,
  )

/** A session whose commands come from a pipe. */
const piped = async (commands: string, ...words: string[]) => {
  const running = start(...words)
  running.stdin.end(commands)
  return await running
}

const verdict = () => {
  const [run] = runFolders()
  const text = fs.readFileSync(path.join(folder, 'runs', run!, 'verdict.json'), 'utf8')
  return JSON.parse(text) as { readonly outcome: unknown; readonly interrogation: unknown }
}

const outcome = (): unknown => verdict().outcome

describe('commands from a pipe', () => {
  test('are answered after a crash, decoded below what was printed', async () => {
    const result = await piped(
      'frame\nthread\nwhere rt-ud2:main\npage rt-ud2:main\npage 90000000\n',
      'faults/undefinedOpcode',
    )
    expect(result.stdout).toMatch(/herc\.out:\d+: Pistachio: invalid opcode in rt-ud2, main\+0x/)
    expect(result.stdout).toMatch(/^kdb> frame\nframe\nfault addr: [^]*^the kernel at f0/m)
    expect(result.stdout).toMatch(/^ {2}flags .*; interrupts off; I\/O privilege level 3$/m)
    expect(result.stdout).toMatch(/^thread 000c8001 RUNNING at 00[^]*^ {2}pager +SIGMA0$/m)
    expect(result.stdout).toMatch(/^ {2}0x004[0-9a-f]+ rt-ud2, main\+0x0 \(rt-ud2\.c:\d+\)$/m)
    expect(result.stdout).toMatch(/^ {2}0x004[0-9a-f]+ +\S+, the program's: a page of 4KB at the /m)
    expect(result.stdout).toMatch(/^ {2}0x90000000 +not mapped$/m)
    expect(result.stderr).toContain('The machine was switched off.\nRun folder: ')
    expect(result.exitCode).toBe(0)
    expect(outcome()).toBe('expected-panic')
    expect(emulators()).toEqual([])
  })

  test('are answered after a break, and the guest goes on in between', async () => {
    writeProject(scenarioOf('rt-tick'))
    const commands = 'raw off\nthreads\ncontinue tick\nthread ROOTTASK\n'
    const result = await piped(commands, 'mine', '--after', 'tick 3')
    expect(result.stdout).toMatch(
      /tick 3\n[^]*^kdb> threads\n {2}SIGMA0 +priority 255, not ready\n {2}ROOTTASK +priority 255/m,
    )
    expect(result.stdout).toMatch(/^kdb> continue tick\ngo\ntick \d+\n[^]*"KD# break"/m)
    // Plain text, whatever the guest prints for terminals.
    expect(result.stdout).not.toContain('\x1b')
    expect(result.stdout).toMatch(/^kdb> thread ROOTTASK\nthread 000c8001 /m)
    expect(result.exitCode).toBe(0)
    expect(outcome()).toBe('finished')
  })

  test('are answered as JSON, a line each', async () => {
    const result = await piped(
      'frame\nfraem\nmemory rt-ud2:main\n',
      'faults/undefinedOpcode',
      '--json',
    )
    const documents = result.stdout.split('\n').map((line) => JSON.parse(line) as object)
    expect(documents).toMatchObject([
      { stop: { kind: 'exception', where: { places: [{ symbol: 'main' }] } } },
      {
        command: 'frame',
        text: expect.stringContaining('fault addr:'),
        dumps: [{ kind: 'exception-frame' }],
        facts: [
          { name: 'instruction', instruction: { places: [{ image: 'ia32-kernel' }] } },
          {},
          {},
        ],
      },
      { command: 'fraem', error: expect.stringContaining('Did you mean "frame"?') },
      { command: 'memory rt-ud2:main', dumps: [{ kind: 'memory' }] },
      { verdict: { outcome: 'expected-panic' } },
    ])
    expect(result.exitCode).toBe(2)
  })

  test('that are wrong are answered in a sentence, and the others are done', async () => {
    const wrong = [
      ['fraem', 'No command is called "fraem". Did you mean "frame"?'],
      ['memory main', '"main" is sigma0:main at 0x'],
      ['where mian', 'or a symbol of a booted file, found "mian". Did you mean "main"?'],
      [
        'thread ROTTASK',
        'or one of SIGMA0, ROOTTASK, IDLETHRD, found "ROTTASK". Did you mean "ROOTTASK"?',
      ],
      ['kip now', 'Expected nothing behind kip, found "kip now".'],
      ['raw maybe', 'Expected raw on|off, found "raw maybe".'],
      ['keys x', 'The debugger did not ask for more after `keys x`'],
    ]
    const commands = [...wrong.map(([line]) => line), 'queue', ''].join('\n')
    const result = await piped(commands, 'faults/undefinedOpcode')
    for (const [, sentence] of wrong) expect(result.stderr).toContain(sentence)
    expect(result.stdout).toMatch(/^kdb> queue\n[^]*^ready on processor 0: ROOTTASK$/m)
    expect(result.exitCode).toBe(2)
  })

  test('end with the guest when it resets', async () => {
    const result = await piped('keys 6\nframe\n', 'faults/undefinedOpcode')
    expect(result.stderr).toContain('the guest reset itself by a triple fault\nRun folder: ')
    expect(result.stdout).not.toContain('kdb> frame')
    expect(result.exitCode).toBe(1)
    expect(outcome()).toBe('triple-fault')
  })
})

test('a guest that never enters its debugger ends it in a sentence', async () => {
  const result = await piped('frame\n', 'faults/tripleFault')
  expect(result.stderr).toContain('the guest reset itself by a triple fault\nRun folder: ')
  expect(result.stdout).toBe('')
  expect(result.exitCode).toBe(1)
})

test("a guest that has booted on another port than the debugger's is broken into then", async () => {
  const result = await piped('threads\n', 'l4linux')
  expect(result.stderr).not.toContain('did not print')
  expect(result.stdout).toContain('the debugger was entered from outside')
  expect(result.exitCode).toBe(0)
})

test('a scenario that resumes by itself stays in the debugger here', async () => {
  writeProject(
    `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTask: 'rt-kdbenter', resumes: true })\n`,
  )
  const result = await piped('frame\n', 'mine')
  expect(result.stdout).toMatch(
    /^kdb> frame\nframe\n[^]*^a program at 4[^]*^ {2}ring +3, a program$/m,
  )
  // Nobody else has asked, to let it go on.
  expect(verdict().interrogation).toEqual([])
  expect(result.exitCode).toBe(0)
})

test('a kernel without a debugger is refused before it boots', async () => {
  writeProject(
    `import { grubMenu } from 'bootstand'\nexport default grubMenu({ menu: 'title t\\nboot\\n' })\n`,
  )
  const result = await start('mine')
  expect(result.stderr).toContain('Expected a kernel with a debugger that Bootstand can talk to')
  expect(result.exitCode).toBe(2)
  expect(runFolders()).toEqual([])
})

test('a signal ends it, with the machine', async () => {
  const running = start('faults/undefinedOpcode')
  running.stdin.write('frame\n')
  await output(running, 'fault addr:')
  running.kill('SIGTERM')
  expect(await running).toMatchObject({ exitCode: 143 })
  expect(outcome()).toBe('expected-panic')
  expect(emulators()).toEqual([])
})

describe('at a terminal', () => {
  /** Starts a session on a terminal of its own, 130 columns wide, and types what comes after a text. */
  const typed = async (
    scenario: string,
    dialogue: readonly (readonly [seen: string, keys: string])[],
  ) => {
    const running = atTerminal(`${command} kdb ${scenario} --method direct`, {
      cwd: fs.existsSync(path.join(folder, 'scenarios')) ? folder : packageRoot,
      env: {
        BOOTSTAND_RUNS: path.join(folder, 'runs'),
        XDG_STATE_HOME: path.join(folder, 'state'),
        TERM: 'xterm',
        NO_COLOR: '1',
      },
      reject: false,
      timeout: 100_000,
    })
    const left = [...dialogue]
    let seen = 0
    let text = ''
    running.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString('utf8')
      for (let next = left[0]; next !== undefined; next = left[0]) {
        const at = text.indexOf(next[0], seen)
        if (at === -1) break
        seen = at + next[0].length
        running.stdin.write(next[1])
        left.shift()
      }
    })
    const { exitCode } = await running
    return { exitCode, text: text.replaceAll('\r', ''), left }
  }

  test('names are completed, answers stand beside what was printed, and lines are remembered', async () => {
    const result = await typed('faults/undefinedOpcode', [
      ['kdb> ', 'fra\t'],
      ['me', '\r'],
      ['kdb> ', 'thread ROO\t'],
      ['TASK', '\r'],
      ['pager', 'where rt-ud2:main\r'],
      ['rt-ud2, main+0x0', '\x04'],
    ])
    expect(result.left).toEqual([])
    expect(result.text).toMatch(/^frame +the kernel at f0/m)
    expect(result.text).toMatch(/^UIP: .* {3,}state +RUNNING$/m)
    expect(result.exitCode).toBe(0)
    const history = fs.readFileSync(path.join(folder, 'state/bootstand/kdb-history'), 'utf8')
    expect(history).toBe('frame\nthread ROOTTASK\nwhere rt-ud2:main\n')
  })

  test('Ctrl-C breaks in while the guest goes on', async () => {
    writeProject(scenarioOf('rt-tick'))
    const result = await typed('mine', [
      ['kdb> ', 'continue\r'],
      ['tick', '\x03'],
      ['"KD# break"', ''],
      ['kdb> ', 'quit\r'],
    ])
    expect(result.left).toEqual([])
    expect(result.exitCode).toBe(0)
    expect(emulators()).toEqual([])
  })
})

/** A command that cannot get them fails. */
const bringOrSkip = async (guests: Guests, skip: TestContext['skip']): Promise<void> => {
  await guests.bring(silently).catch((error: Error) => skip(error.message))
}

describe('other kernels from Debian', () => {
  test('GNU Mach: what ddb prints as bare addresses is looked up in its file', async ({ skip }) => {
    await bringOrSkip(debianGnumach, skip)
    const { stdout, exitCode } = await piped('trace\nqueue\nthreads\n', 'gnumach', '--json')
    const documents = stdout.split('\n').map((line) => JSON.parse(line) as object)
    const callers = ['Debugger', 'Panic', 'bootstrap_create', 'start_kernel_threads']
    expect(documents).toMatchObject([
      { stop: { title: expect.stringContaining('in bootstrap_create') } },
      {
        facts: [...callers, 'thread_continue', 'Thread_continue'].map((it) => ({
          name: 'called by',
          instruction: { places: [{ function: it }] },
        })),
      },
      { error: 'No command is called "queue". `help` lists them.' },
      { threads: expect.arrayContaining([expect.objectContaining({ name: 'gnumach' })]) },
      { verdict: { outcome: 'expected-panic' } },
    ])
    expect(exitCode).toBe(2)
  })

  test('Xen: its keys are its debugger', async ({ skip }) => {
    await bringOrSkip(debianXen, skip)
    const result = await piped('frame\nthread d0v0\nthreads\n', 'xen')
    expect(result.stdout).toMatch(/^ {2}instruction arch\/x86\/domain\.c#default_idle\+0x\w+ at/m)
    expect(result.stdout).toMatch(/^Dom0 vcpu#0 at 0x0*101\w+ in pv guest/m)
    expect(result.stdout).toMatch(/^ {2}d0v0 +not ready$/m)
    expect(result.exitCode).toBe(0)
  })
})
