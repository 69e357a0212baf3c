import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buildRamdisk, grubMenu } from 'bootstand'
import { expect, standIns, test } from 'bootstand/testing'

test('L4Linux finds its root in a ramdisk that was built here', async ({ boot }) => {
  const images = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-ramdisk-'))
  try {
    fs.cpSync(standIns, images, { recursive: true })
    // More than what an inode has block numbers for.
    const motd = `${'a line of it\n'.repeat(2_000)}its last line\n`
    fs.writeFileSync(path.join(images, 'motd'), motd)
    fs.writeFileSync(path.join(images, 'program'), 'the stand-in only asks whether it is there\n')
    const programs = ['sbin/init', 'bin/sh', 'bin/cat']
    const lines = programs.map((it) => `${it} mode=0755 contents=program`)
    const nodes = 'dev/console type=char device=native,5,1\netc/motd contents=motd\n'
    const manifest = path.join(images, 'manifest')
    fs.writeFileSync(manifest, `${nodes}${lines.join('\n')}\n`)
    await buildRamdisk({ from: manifest, output: path.join(images, 'ramdisk') })
    const modules = [
      '/ia32-kernel',
      '/sigma0',
      '/vmlinuz.VX2 root=/dev/ram0 console=herc',
      '/ramdisk',
    ]
    const menu = `title L4Linux\nkernel /kickstart\n${modules.map((it) => `module ${it}\n`).join('')}`
    const target = await boot(grubMenu({ menu, entry: 'L4Linux' }), { images })
    await target.com1.waitFor('VFS: Mounted root (ext2 filesystem)')
    await expect(target.com1).toPrint(/login: $/)
    await target.com1.type('root\r')
    await expect(target.com1).toPrint(/Password: $/)
    await target.com1.type('pistachio\r')
    await expect(target.com1).toPrint('its last line')
    await expect(target.com1).toPrint(/^# $/)
  } finally {
    fs.rmSync(images, { recursive: true })
  }
})
