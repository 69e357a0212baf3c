import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../host/paths.ts'
import { commandsOf, printMenu, type MenuFile } from './menu-file.ts'
import { parseMenu } from './parse.ts'
import { problemsOf } from './pieces/problems.ts'
import type { CommandStatement } from './statement.ts'

/** The menus of a folder, by name. */
const menusIn = (folder: string): readonly (readonly [string, string])[] =>
  fs
    .readdirSync(path.join(packageRoot, folder))
    .filter((file) => file.endsWith('.lst'))
    .map((file) => [
      file.replace('.lst', ''),
      fs.readFileSync(path.join(packageRoot, folder, file), 'latin1'),
    ])

const line = ({ name, arguments: it }: CommandStatement): string => `${name} ${it.text}`.trimEnd()

const isCommand = (it: MenuFile['statements'][number]): it is CommandStatement =>
  it.kind === 'command'

describe('classic menus', () => {
  const classic = new Map(menusIn('grub-menus/classic'))

  test.for([...classic])('%s says what it shows, and all of it is understood', ([, text]) => {
    expect(text).toMatch(/^# [A-Z].*\.\n/)
    const file = parseMenu(text)
    expect(printMenu(file)).toBe(text)
    expect(file.entries.map((it) => it.number)).toEqual(file.entries.map((_, at) => at))
    for (const command of file.statements.filter(isCommand)) {
      expect(command.name).toBe(command.word.text)
      expect(problemsOf(command)).toEqual([])
    }
  })

  test('each has the globals, entries and modules that a reader expects', () => {
    const read = [...classic].map(([name, text]) => {
      const { globals, entries } = parseMenu(text)
      const blocks = entries.map(({ title, statements }) => [
        `  ${title}`,
        ...commandsOf(statements).map((it) => `    ${line(it)}`),
      ])
      return [name, ...commandsOf(globals).map((it) => `  ${line(it)}`), ...blocks.flat()]
    })
    expect(read.map((lines) => lines.join('\n')).join('\n\n')).toMatchInlineSnapshot(`
      "afterburner
        serial --unit=0 --speed=57600
        terminal --timeout=0 serial
        L4Ka resource monitor and Linux
          kernel (nd)/tftpboot/kickstart kmem=256M
          module (nd)/tftpboot/ia32-kernel
          module (nd)/tftpboot/sigma0
          module (nd)/tftpboot/l4ka-resourcemon
          module (nd)/tftpboot/afterburn-wedge vmstart vmsize=768M    wedgeinstall=16M wedgesize=64M vcpus=2 pcpus=2
          module (nd)/tftpboot/vmlinuz console=tty console=ttyS0,57600 ramdisk_size=131072 root=/dev/ram0
          modulenounzip (hd0,0)/ramdisk/ramdisk128.gz

      chain-loading
        default 0
        timeout 30
        Windows
          rootnoverify (hd0,0)
          makeactive
          chainloader +1
        DOS on the second disk
          map (hd0) (hd1)
          map (hd1) (hd0)
          rootnoverify (hd1,0)
          makeactive
          chainloader --force (hd1,0)+1
        FreeBSD
          root (hd0,2,a)
          kernel /boot/loader

      debian-update-grub
        default 0
        timeout 5
        color cyan/blue white/blue
        Debian GNU/Linux, kernel 2.4.17-mosix
          root (hd0,0)
          kernel /boot/vmlinuz-2.4.17-mosix root=/dev/hda1 ro
          savedefault
          boot
        Debian GNU/Linux, kernel 2.4.17-mosix (recovery mode)
          root (hd0,0)
          kernel /boot/vmlinuz-2.4.17-mosix root=/dev/hda1 ro single
          savedefault
          boot
        Debian GNU/Linux, kernel 2.6.8-2-386
          root (hd0,0)
          kernel /boot/vmlinuz-2.6.8-2-386 root=/dev/hda1 ro quiet splash
          initrd /boot/initrd.img-2.6.8-2-386
          savedefault
          boot
        Other operating systems:
          root
        Microsoft Windows XP
          rootnoverify (hd0,1)
          savedefault
          makeactive
          chainloader +1

      equals-and-gzip
        timeout 0
        L4Linux, everything zipped
          kernel /kickstart.gz
          module /kernel.gz
          module /sigma0.gz
          module /vmlinuz.VX2.gz root=/dev/ram0 ramdisk_size=131072 console=tty
          modulenounzip (hd0,0)/ramdisk/ramdisk128.gz

      fallback
        default saved
        fallback 1 2
        timeout 0
        The new build
          root (hd0,0)
          kernel /new/kickstart
          module /new/ia32-kernel
          module /new/sigma0
          module /new/pingpong
          savedefault fallback
        Yesterday's build
          root (hd0,0)
          kernel /old/kickstart
          module /old/ia32-kernel
          module /old/sigma0
          module /old/pingpong
          savedefault
        Linux
          root (hd0,0)
          kernel /vmlinuz root=/dev/hda1 panic=5
          savedefault

      fiasco
        serial --unit=0 --speed=115200
        terminal --timeout=0 --dumb serial
        default 0
        timeout 3
        L4Re hello
          root (cd)
          kernel /bootstrap -modaddr 0x01100000
          modulenounzip /fiasco -serial_esc
          modulenounzip /sigma0
          modulenounzip /moe rom/hello.cfg
          modulenounzip /l4re
          modulenounzip /ned
          modulenounzip /hello.cfg
          modulenounzip /hello

      gnumach
        default 0
        timeout 5
        GNU
          root (hd0,0)
          kernel /boot/gnumach.gz root=device:hd0s1 console=com0
          module /hurd/ext2fs.static ext2fs --multiboot-command-line=\${kernel-command-line}    --host-priv-port=\${host-port} --device-master-port=\${device-port}    --exec-server-task=\${exec-task} -T typed \${root} $(task-create) $(task-resume)
          module /lib/ld.so.1 exec /hurd/exec $(exec-task=task-create)

      hazelnut
        default 0
        timeout 5
        L4Ka::Hazelnut
          root (fd0)
          kernel /rmgr -sigma0 -ktest
          module /x86-kernel
          module /sigma0
          module /ktest

      hidden-menu
        hiddenmenu
        timeout 3
        default 1
        Memory test
          root (fd0)
          kernel /memtest.bin
        L4Ka::Pistachio
          root (hd0,0)
          kernel /boot/kickstart
          module /boot/ia32-kernel
          module /boot/sigma0
          module /boot/pingpong

      l4linux-page
        L4Linux on L4Ka::Pistachio
          kernel /kickstart
          module /ia32-kernel
          module /sigma0
          module /vmlinuz.VX2 root=/dev/hda1 no-scroll console=herc console=tty
        L4Linux with a ramdisk
          kernel /kickstart
          module /ia32-kernel
          module /sigma0
          module /vmlinuz.VX2 root=/dev/ram0 ramdisk_size=65536 no-scroll console=herc console=ttyS1,115200
          module /ramdisk.gz

      l4linux-ramdisk
        serial --unit=0 --speed=115200
        terminal --timeout=5 serial console
        timeout 10
        L4Linux with a ramdisk
          root (hd0,0)
          kernel /boot/kickstart kmem=40M
          module /boot/ia32-kernel
          module /boot/sigma0
          module /boot/vmlinuz.VX2 root=/dev/ram0 ramdisk_size=65536     console=herc console=ttyS1,115200 no-scroll
          modulenounzip /boot/ramdisk.gz

      l4linux
        serial --unit=0 --speed=115200
        terminal --timeout=5 serial console
        default 0
        timeout 10
        L4Linux on L4Ka::Pistachio
          root (hd0,0)
          kernel /boot/kickstart kmem=40M
          module /boot/ia32-kernel
          module /boot/sigma0
          module /boot/vmlinuz.VX2 root=/dev/hda1     console=herc console=tty no-scroll

      linux-initrd
        default 0
        timeout 10
        Debian GNU/Linux
          root (hd0,0)
          kernel /vmlinuz root=/dev/hda1 ro console=tty0 console=ttyS0,115200
          initrd /initrd.img
        Debian GNU/Linux, single user
          root (hd0,0)
          kernel --no-mem-option /vmlinuz root=/dev/hda1 ro single
          initrd /initrd.img

      network
        serial --unit=0 --speed=57600
        terminal --timeout=0 serial
        dhcp
        timeout 5
        L4Ka::Pistachio by DHCP
          root (nd)
          kernel /tftpboot/kickstart kmem=256M
          module /tftpboot/ia32-kernel
          module /tftpboot/sigma0
          module /tftpboot/pingpong
        L4Ka::Pistachio by hand
          ifconfig --address=10.0.2.15 --mask=255.255.255.0 --server=10.0.2.2
          kernel (nd)/tftpboot/kickstart kmem=256M
          module (nd)/tftpboot/ia32-kernel
          module (nd)/tftpboot/sigma0
          module (nd)/tftpboot/pingpong

      password-lock
        default 0
        timeout 10
        password --md5 $1$U$JK7xFegdxWH6VuppCUSIb.
        L4Ka::Pistachio
          root (hd0,0)
          kernel /boot/kickstart
          module /boot/ia32-kernel
          module /boot/sigma0
          module /boot/pingpong
        Kernel debugger on the first key (locked)
          lock
          root (hd0,0)
          kernel /boot/kickstart
          module /boot/ia32-kernel-debug
          module /boot/sigma0
          module /boot/pingpong

      pistachio-pingpong
        serial --unit=0 --speed=115200
        terminal --timeout=0 --dumb serial
        default 0
        timeout 5
        L4Ka::Pistachio pingpong
          root (cd)
          kernel /kickstart kmem=16M
          module /ia32-kernel
          module /sigma0
          module /pingpong

      seed-pistachio-grub-conf
        L4Ka::Pistachio
          kernel /kickstart
          module /ia32-kernel
          module /sigma0
          module /pingpong

      submenus
        color light-gray/blue black/light-gray
        default 0
        timeout 20
        Microkernels
          configfile (hd0,0)/boot/grub/microkernels.lst
        Halt
          halt
        Reboot
          reboot

      xen
        serial --unit=0 --speed=115200
        terminal --timeout=5 serial console
        default 0
        timeout 10
        Xen, serial console
          root (hd0,0)
          kernel /boot/xen.gz com1=115200,8n1 console=com1 dom0_mem=512M noreboot
          module /boot/vmlinuz console=hvc0 root=/dev/xvda1 ro
          module /boot/initrd.img
        Xen, screen
          root (hd0,0)
          kernel /boot/xen.gz dom0_mem=512M
          module /boot/vmlinuz root=/dev/xvda1 ro
          module /boot/initrd.img"
    `)
  })
})

describe('bad and odd menus', () => {
  const bad = menusIn('fixtures/menus/bad')

  test('there are many, and all but a few begin with what is wrong', () => {
    expect(bad.length).toBeGreaterThan(200)
    const silent = bad.filter(([, text]) => !/^# [^\n]+\n/.test(text)).map(([name]) => name)
    expect(silent).toEqual([
      'binary',
      'cr-only-commands',
      'cr-only',
      'empty',
      'gzip',
      'nul-only',
      'only-blank-lines',
      'utf-16',
      'utf-8-byte-order-mark',
    ])
  })

  test.for(bad)('%s is given back as it was', ([, text]) => {
    expect(printMenu(parseMenu(text))).toBe(text)
  })

  /** What GRUB makes of these depends on its build, or on a table of keys that we do not have. */
  const untold = ['network-device', 'setkey-unknown']

  /** Errors of GRUB that can be told from a line alone. */
  const foretold = bad.flatMap(([name, text]) => {
    if (untold.includes(name)) return []
    const error = /^#.*Error (1|11|12|23|30|35)\b/.exec(text)?.[1]
    return error === undefined ? [] : [[name, text, Number(error)] as const]
  })

  test.for(foretold)('%s has a problem that stops with the error it names', ([, text, error]) => {
    const problems = parseMenu(text).statements.filter(isCommand).flatMap(problemsOf)
    expect(problems.map((it) => it.grubError)).toContain(error)
  })

  test('what is read of each', async () => {
    const read = bad.map(([name, text]) => summary(name, parseMenu(text)))
    await expect(read.join('')).toMatchFileSnapshot(
      path.join(packageRoot, 'fixtures/menus/bad.txt'),
    )
  })
})

const summary = (name: string, { statements, globals, entries }: MenuFile): string => {
  const commands = statements.filter(isCommand)
  const numbers = entries.map((it) => it.number ?? '-').join(' ')
  const unknown = commands.filter((it) => it.name === undefined)
  const lines = [
    `${statements.length} statements, ${commandsOf(globals).length} global, entries [${numbers}]`,
    ...unknown.map((it) => `${it.line}: no command ${JSON.stringify(it.word.text)}`),
    ...commands.filter((it) => it.cut).map((it) => `${it.line}: cut by ${it.cut}`),
    ...commands
      .flatMap(problemsOf)
      .map((it) => `${it.line}:${it.column}: Error ${it.grubError}: ${it.message}`),
  ]
  return `${name}\n${lines.map((it) => `  ${it}\n`).join('')}`
}
