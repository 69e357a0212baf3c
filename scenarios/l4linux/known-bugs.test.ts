import { expect, test } from 'bootstand/testing'
import { l4linux, shellOn } from 'bootstand'
import fromRamdisk from './l4linux.ts'

const direct = { method: 'direct' } as const

test('while the kernel debugger waits, Linux stands still on that processor', async ({ boot }) => {
  const target = await boot(fromRamdisk, direct)
  const shell = shellOn(target.ttyS1)
  await shell.login('root', 'pistachio')
  await target.ttyS1.type('enter_kdebug; echo goes-""on\r')
  await expect(target.ttyS1).toPrint(/goes-""on$/)
  await expect(target.herc).toPrint('--- "enter_kdebug" ---')
  await target.ttyS1.staysQuiet(300)
  await target.debugger.stopped()
  await target.debugger.continue()
  await expect(target.ttyS1).toPrint('goes-on')
  await expect(shell.run('true')).resolves.toHaveProperty('status', 0)
})

test('more virtual processors than physical ones end in a deadlock', async ({ boot }) => {
  const target = await boot(
    l4linux({
      arguments: 'root=/dev/ram0 console=herc console=ttyS1,115200 maxcpus=4',
      ramdisk: 'ramdisk',
    }),
    direct,
  )
  for (const cpu of [1, 2, 3]) await expect(target.ttyS1).toPrint(`Initializing CPU#${cpu}`)
  await expect(target.ttyS1).toPrint('login: ')
  await target.ttyS1.type('root\r')
  await expect(target.ttyS1.waitFor('Password: ', { within: 1_000 })).rejects.toThrow(
    /The guest spins: .*\(vmlinuz\.VX2, spin_lock/,
  )
  await expect(target.stop()).resolves.toMatchObject({ outcome: 'spinning', culprit: 'guest' })
})
