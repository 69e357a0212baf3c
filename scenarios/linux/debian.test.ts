import { shellOn } from 'bootstand'
import { expect, test } from 'bootstand/testing'
import debian, { noInit, noRoot, onScreen, smallRamdisk } from './debian.ts'

test('login on a serial port, commands, DHCP, Apache, shutdown', async ({ boot }) => {
  const target = await boot(debian)
  await expect(target.ttyS0).toPrint('smp: Brought up 1 node, 2 CPUs')
  await expect(target.ttyS0).toPrint('init: eth0 has 10.0.2.15')
  const shell = shellOn(target.ttyS0)
  await shell.login('root', 'pistachio')
  expect(await shell.run('cat /etc/motd')).toEqual({
    output: "Debian's Linux on a ramdisk of Bootstand's.",
    status: 0,
  })
  expect(await shell.run('nproc')).toEqual({ output: '2', status: 0 })
  expect(await shell.run('ls /nope')).toMatchObject({ status: 1 })
  expect((await shell.run('mount')).output).toContain('/dev/ram0 on / type ext2')
  // A kernel message comes amid the answer, and behind the prompt.
  const late = '(sleep 1; echo late > /dev/kmsg; echo done) & echo at once; wait'
  expect(await shell.run(late)).toEqual({ output: 'at once\ndone', status: 0 })
  const page = await fetch(`http://127.0.0.1:${await target.forwarded(80)}/index.html`)
  expect(await page.text()).toContain('<title>A ramdisk</title>')
  expect((await shell.run('cat /var/log/access.log')).output).toContain(
    '"GET /index.html HTTP/1.1" 200',
  )
  await target.ttyS0.waitFor('# ')
  await target.ttyS0.type('poweroff\n')
  expect(await target.ended).toMatchObject({ kind: 'shutdown' })
})

test('login on the VGA with the keyboard', async ({ boot }) => {
  const target = await boot(onScreen, { method: 'direct' })
  const shell = shellOn(target.vga)
  await shell.login('root', 'pistachio')
  expect(await shell.run('cat /sys/class/tty/console/active')).toEqual({
    output: 'ttyS0 tty0',
    status: 0,
  })
})

test('the kernel panics without a root file system, and the reason is told', async ({ boot }) => {
  const target = await boot(noRoot, { method: 'direct' })
  await expect(target.ttyS0.waitFor('login: ')).rejects.toMatchObject({
    failure: 'stop',
    message: expect.stringContaining(
      'Linux panicked: it has no root file system (VFS: Cannot open root device "nope"',
    ),
  })
})

test('an init that is not there ends in a panic', async ({ boot }) => {
  const target = await boot(noInit, { method: 'direct' })
  await expect(target.ttyS0.waitFor('login: ')).rejects.toMatchObject({
    failure: 'stop',
    message: expect.stringContaining('Linux panicked: "Attempted to kill init!'),
  })
})

test('a ramdisk that is too large for /dev/ram0 is told with the numbers', async ({ boot }) => {
  const target = await boot(smallRamdisk, { method: 'direct' })
  await expect(target.ttyS0).toPrint(
    'ramdisk: the ext2 image does not fit into ramdisk_size=1024 KiB',
  )
})
