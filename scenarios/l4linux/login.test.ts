import { expect, test } from 'bootstand/testing'
import { l4linux, shellOn } from 'bootstand'
import fromRamdisk from './l4linux.ts'

const direct = { method: 'direct' } as const

/** A Linux whose kernel prints while somebody is at its terminal. */
const talkative = (console: string, every: number) =>
  l4linux({
    arguments: `root=/dev/ram0 console=herc console=${console} late-lines=${every}`,
    ramdisk: 'ramdisk',
  })

const noise = /spurious 8259A interrupt: IRQ7\.\n/

test('root logs in on a serial port amid kernel messages, and runs commands', async ({ boot }) => {
  const target = await boot(talkative('ttyS1,115200', 50), direct)
  const shell = shellOn(target.ttyS1, { noise })
  await shell.login('root', 'pistachio')
  await expect(shell.run('sleep 1 &')).rejects.toThrow('would leave in the background')
  const results = []
  for (const command of ['cat /etc/motd', 'ls /; ls /nope', 'uname', 'sleep 1', 'false', 'mount'])
    results.push(await shell.run(command))
  expect(results).toEqual([
    { output: 'Welcome to the ramdisk of the Bootstand stand-in.', status: 0 },
    {
      output: 'lost+found\nbin\ndev\netc\nsbin\nls: /nope: No such file or directory',
      status: 1,
    },
    { output: 'Linux', status: 0 },
    { output: '', status: 0 },
    { output: '', status: 1 },
    { output: 'mount: command not found', status: 127 },
  ])
  await target.ttyS1.type('poweroff\r')
  await expect(target.herc).toPrint('Power down.')
  await expect(target.ended).resolves.toHaveProperty('kind', 'shutdown')
})

test('root logs in on the VGA amid kernel messages, and runs commands', async ({ boot }) => {
  const target = await boot(talkative('tty', 500), direct)
  const shell = shellOn(target.vga, { noise })
  await shell.login('root', 'pistachio')
  await expect(shell.run('ls /')).resolves.toEqual({
    output: 'lost+found\nbin\ndev\netc\nsbin',
    status: 0,
  })
  const long = Array.from({ length: 9 }, () => 'ps').join(';')
  await expect(shell.run(long)).rejects.toThrow('is no longer on vga')
  await target.vga.type('reboot\n')
  await expect(target.ended).resolves.toHaveProperty('kind', 'reset')
})

test('a wrong password is told, and the next one may be right', async ({ boot }) => {
  const target = await boot(fromRamdisk, direct)
  const shell = shellOn(target.ttyS1)
  await expect(shell.login('root', 'l4linux')).rejects.toThrow('"Login incorrect"')
  await shell.login('root', 'pistachio')
  await expect(shell.run('ps')).resolves.toHaveProperty('output', '  PID CMD\n    1 init\n    2 sh')
})

test('init=/bin/sh is a shell without a login, on the debugger’s console too', async ({ boot }) => {
  const target = await boot(
    l4linux({ arguments: 'root=/dev/ram0 console=herc init=/bin/sh', ramdisk: 'ramdisk' }),
    direct,
  )
  const shell = shellOn(target.herc)
  await expect(shell.run('echo "two  words" $?')).resolves.toEqual({
    output: 'two  words 0',
    status: 0,
  })
  await target.herc.type('exit\r')
  await expect(target.herc).toPrint('Kernel panic: Attempted to kill init!')
})
