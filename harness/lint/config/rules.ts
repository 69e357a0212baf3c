import {
  allSet,
  builtIn,
  expectation,
  isSet,
  oneBuiltIn,
  systems,
  unset,
  whenever,
  type ConfigComplaint,
  type ConfigRule,
  type ConfigSubject,
} from './config-rule.ts'

const l4ka = "L4Ka's notes on L4Linux-2.4"
const mosixPage = 'Mosix Kernel Configuration'

const checkMalformed = ({ config }: ConfigSubject): ConfigComplaint[] =>
  config.malformed.map((at) => ({
    at,
    message: `Expected CONFIG_NAME=value, "# CONFIG_NAME is not set" or a comment, found ${JSON.stringify(at.text.slice(0, 60))}.`,
  }))

const checkTwice = ({ config: { options }, value }: ConfigSubject): ConfigComplaint[] =>
  options
    .filter((it, index) => {
      const before = options.slice(0, index).find((other) => other.name === it.name)
      return before !== undefined && before.value !== it.value
    })
    .map(({ name, at }) => ({
      at,
      message: `Expected ${name} once, found another value again; ${name}=${value(name)} counts.`,
    }))

const hasRamdisk = (subject: ConfigSubject): boolean =>
  isSet(subject, 'CONFIG_BLK_DEV_INITRD') || isSet(subject, 'CONFIG_BLK_DEV_RAM')

/** Whether ext4 stands in for ext2: built in, as a module, or not. */
const ext4ForExt2 = ({ value }: ConfigSubject): string =>
  value('CONFIG_EXT4_USE_FOR_EXT2') === 'y' ? value('CONFIG_EXT4_FS') : 'n'

/** Ramdisks that L4Linux-2.4 may give memory to; 4096 KiB each unless it is told. */
const ramdisks = { count: 4, size: 4096 }

const checkRamdiskMemory = (subject: ConfigSubject): ConfigComplaint[] => {
  if (subject.memory === undefined || !isSet(subject, 'CONFIG_BLK_DEV_RAM')) return []
  const size = numberOf(subject, 'CONFIG_BLK_DEV_RAM_SIZE') ?? ramdisks.size
  const total = size * ramdisks.count
  if (total <= subject.memory * 1024) return []
  const message = `Expected ${ramdisks.count} ramdisks to fit into ${subject.memory} MiB of memory, found CONFIG_BLK_DEV_RAM_SIZE=${size}: ${total / 1024} MiB.`
  return [{ at: subject.place('CONFIG_BLK_DEV_RAM_SIZE'), message }]
}

const numberOf = ({ value }: ConfigSubject, name: string): number | undefined =>
  /^[0-9]+$/.test(value(name)) ? Number(value(name)) : undefined

/** L4Env called it otherwise. */
const memorySizes = ['CONFIG_L4_MEMSIZE', 'CONFIG_L4_L4ENV_MEMSIZE']

const checkL4Memory = (subject: ConfigSubject): ConfigComplaint[] =>
  memorySizes
    .filter((it) => (numberOf(subject, it) ?? 0) > (subject.memory ?? Number.POSITIVE_INFINITY))
    .map((it) => expectation(subject, it, `at most the machine's ${subject.memory} MiB`))

const checkDiskDriver = (subject: ConfigSubject): readonly ConfigComplaint[] => {
  if (subject.value('CONFIG_BLK_DEV_INITRD') === 'y' || subject.value('CONFIG_ROOT_NFS') === 'y')
    return []
  return oneBuiltIn('CONFIG_BLK_DEV_IDEDISK', 'CONFIG_BLK_DEV_SD')(subject)
}

/** Every rule for a kernel's configuration, in the order of the documentation. */
export const configRules: readonly ConfigRule[] = [
  {
    id: 'config-malformed-line',
    severity: 'warning',
    for: systems,
    trips: 'a line that is neither an option, "# … is not set" nor a comment',
    why: 'make says "unexpected data" and takes no option from it.',
    source: 'Linux, scripts/kconfig/confdata.c',
    check: checkMalformed,
  },
  {
    id: 'config-option-twice',
    severity: 'warning',
    for: systems,
    trips: 'an option with two values',
    why: 'The last one counts, whatever the first says.',
    source: 'Linux, scripts/kconfig/confdata.c',
    check: checkTwice,
  },
  {
    id: 'config-modversions',
    severity: 'error',
    for: ['l4linux-2.4'],
    trips: '`CONFIG_MODVERSIONS`',
    why: 'L4Linux-2.4 is unable to compile with module version numbers.',
    source: `${l4ka}, Linux modules`,
    check: unset('CONFIG_MODVERSIONS'),
  },
  {
    id: 'config-ramdisk-memory',
    severity: 'warning',
    for: ['l4linux-2.4'],
    trips: 'four ramdisks of `CONFIG_BLK_DEV_RAM_SIZE` (KiB) that do not fit into `--memory`',
    why: 'Linux may attempt to allocate four of them: set NUM_RAMDISKS to 1 in drivers/block/rd.c, or make them smaller.',
    source: `${l4ka}, Source Configuration and Building`,
    check: checkRamdiskMemory,
  },
  {
    id: 'config-ramdisk-driver',
    severity: 'error',
    for: ['l4linux-2.4'],
    trips: '`CONFIG_BLK_DEV_RAM` without `CONFIG_BLK_DEV_INITRD`, the other way, or as a module',
    why: 'Linux has nowhere to load its ramdisk into, or does not look for it, and panics: "Unable to mount root fs".',
    source: `${l4ka}, Booting`,
    check: whenever(hasRamdisk, (subject) =>
      ['CONFIG_BLK_DEV_RAM', 'CONFIG_BLK_DEV_INITRD'].flatMap((it) => builtIn(it)(subject)),
    ),
  },
  {
    id: 'config-ramdisk-file-system',
    severity: 'warning',
    for: ['l4linux-2.4', 'l4linux'],
    trips: 'a ramdisk, but ext2 not built in',
    why: 'Linux says "RAMDISK: ext2 filesystem found at block 0" and cannot mount it; an initramfs needs no ext2.',
    source: `${l4ka}, Sample Ramdisk; recording of L4Linux 4.15`,
    check: whenever(
      (subject) => hasRamdisk(subject) && ext4ForExt2(subject) !== 'y',
      builtIn('CONFIG_EXT2_FS'),
    ),
  },
  {
    id: 'config-serial-console',
    severity: 'warning',
    for: ['l4linux-2.4'],
    trips: 'no console on a serial port built in',
    why: '`console=ttyS1,115200` names no console: nothing is printed there, and Linux may be "unable to open an initial console".',
    source: `${l4ka}, /dev/console`,
    check: oneBuiltIn('CONFIG_SERIAL_CONSOLE', 'CONFIG_SERIAL_8250_CONSOLE'),
  },
  {
    id: 'config-l4-console',
    severity: 'error',
    for: ['l4linux'],
    trips: 'no console at all, on x86',
    why: 'It does not compile: "L4_FB_DRIVER nor VGA_CONSOLE nor FRAMEBUFFER_CONSOLE nor L4_SERIAL_CONSOLE enabled, choose one."',
    source: 'L4Linux, arch/l4/kernel',
    check: whenever(
      (subject) => isSet(subject, 'CONFIG_X86'),
      (subject) =>
        [
          ...['CONFIG_L4_SERIAL_CONSOLE', 'CONFIG_L4_FB_DRIVER', 'CONFIG_VGA_CONSOLE'],
          'CONFIG_FRAMEBUFFER_CONSOLE',
        ].some((it) => isSet(subject, it))
          ? []
          : [expectation(subject, 'CONFIG_L4_SERIAL_CONSOLE', 'a console')],
    ),
  },
  {
    id: 'config-l4-serial',
    severity: 'warning',
    for: ['l4linux'],
    trips: '`CONFIG_L4_SERIAL` not built in',
    why: 'With `console=ttyLv0` Linux says "driver not compiled in" and enters the kernel debugger: "L4 serial driver not enabled".',
    source: 'L4Linux, arch/l4/kernel/main.c',
    check: builtIn('CONFIG_L4_SERIAL'),
  },
  {
    id: 'config-l4-framebuffer',
    severity: 'warning',
    for: ['l4linux'],
    trips: '`CONFIG_L4_FB_DRIVER` beside a keyboard or VGA driver of its own',
    why: 'The compiler warns: "This is usually not wanted."',
    source: 'L4Linux, arch/l4/kernel',
    check: whenever(
      (subject) => isSet(subject, 'CONFIG_L4_FB_DRIVER'),
      (subject) =>
        ['CONFIG_SERIO_I8042', 'CONFIG_SERIO_LIBPS2', 'CONFIG_VGA_CONSOLE'].flatMap((it) =>
          unset(it)(subject),
        ),
    ),
  },
  {
    id: 'config-l4-framebuffer-input',
    severity: 'warning',
    for: ['l4linux'],
    trips: '`CONFIG_L4_FB_DRIVER` without `CONFIG_INPUT_EVDEV` or `CONFIG_INPUT_MOUSEDEV`',
    why: 'The compiler warns: "you probably want to enable this option."',
    source: 'L4Linux, arch/l4/kernel',
    check: whenever(
      (subject) => isSet(subject, 'CONFIG_L4_FB_DRIVER'),
      allSet('CONFIG_INPUT_EVDEV', 'CONFIG_INPUT_MOUSEDEV'),
    ),
  },
  {
    id: 'config-l4-memory',
    severity: 'error',
    for: ['l4linux'],
    trips: '`CONFIG_L4_MEMSIZE` (MiB) larger than `--memory`',
    why: 'Without `mem=` Linux asks for that much, says "Can\'t get main memory" and "Terminating L4Linux."',
    source: 'L4Linux, arch/l4/Kconfig; recording of L4Linux 4.15',
    check: checkL4Memory,
  },
  {
    id: 'config-mosix-missing',
    severity: 'error',
    for: ['openmosix'],
    trips: '`CONFIG_MOSIX` not built in',
    why: 'The patch did not apply, or it is off: "Looks like this is not an openMosix enabled kernel."',
    source: `${mosixPage}; openMosix HOWTO`,
    check: builtIn('CONFIG_MOSIX'),
  },
  {
    id: 'config-mosix-proc',
    severity: 'error',
    for: ['openmosix'],
    trips: '`CONFIG_PROC_FS` not built in',
    why: 'setpe finds no /proc/hpc/admin, and neither starts nor stops openMosix: "Cannot find the /proc/hpc directory."',
    source: 'openMosix-general, 2004-03-29; openMosix HOWTO',
    check: builtIn('CONFIG_PROC_FS'),
  },
  {
    id: 'config-mosix-dfsa',
    severity: 'warning',
    for: ['openmosix'],
    trips: '`CONFIG_MOSIX_DFSA` without `CONFIG_MOSIX_FS`',
    why: 'Direct access runs on top of a cluster file system; without one it has nothing to run on.',
    source: 'openMosix HOWTO, 19.4.2',
    check: whenever((subject) => isSet(subject, 'CONFIG_MOSIX_DFSA'), allSet('CONFIG_MOSIX_FS')),
  },
  {
    id: 'config-disk-driver',
    severity: 'warning',
    for: ['openmosix'],
    trips: 'neither IDE nor SCSI disks built in, without an initial ramdisk or a root by NFS',
    why: 'The root device is not recognised: "VFS: Cannot open root device", and a panic.',
    source: `${mosixPage}, Troubleshooting 2; recording of Linux 2.4.22`,
    check: checkDiskDriver,
  },
  {
    id: 'config-isa-module',
    severity: 'warning',
    for: ['openmosix'],
    trips: '`CONFIG_NE2000=m`',
    why: 'Loading drivers of ISA cards as modules is more problematic than those of PCI cards.',
    source: mosixPage,
    check: (subject) =>
      subject.value('CONFIG_NE2000') === 'm'
        ? [expectation(subject, 'CONFIG_NE2000', 'CONFIG_NE2000=y')]
        : [],
  },
  {
    id: 'config-plug-and-play',
    severity: 'warning',
    for: ['openmosix'],
    trips: '`CONFIG_PNP` or `CONFIG_ISAPNP` not set',
    why: 'Both are to be on: "If they work on your older machine, so much the better."',
    source: mosixPage,
    check: allSet('CONFIG_PNP', 'CONFIG_ISAPNP'),
  },
  {
    id: 'config-experimental',
    severity: 'warning',
    for: ['openmosix'],
    trips: '`CONFIG_EXPERIMENTAL` not set',
    why: 'Some drivers are not displayed by menuconfig unless it is turned on.',
    source: mosixPage,
    check: builtIn('CONFIG_EXPERIMENTAL'),
  },
  {
    id: 'config-bproc-missing',
    severity: 'error',
    for: ['bproc'],
    trips: '`CONFIG_BPROC` not set',
    why: 'The patch did not apply, or it is off: the module bproc cannot be loaded.',
    source: "Open MPI's users' list, 2006-09-27",
    check: allSet('CONFIG_BPROC'),
  },
  {
    id: 'config-bproc-ramdisk',
    severity: 'warning',
    for: ['bproc'],
    trips:
      '`CONFIG_BLK_DEV_RAM`, `CONFIG_BLK_DEV_INITRD`, `CONFIG_EXT2_FS`, `CONFIG_ROMFS_FS` or `CONFIG_TMPFS` not set',
    why: 'A node starts from an initial ramdisk and mounts the ext2 that it fetched; beoboot was run with romfs and tmpfs.',
    source: "Linux init process; Open MPI's users' list, 2006-09-27",
    check: (subject) => [
      ...allSet('CONFIG_BLK_DEV_RAM', 'CONFIG_BLK_DEV_INITRD')(subject),
      ...(ext4ForExt2(subject) === 'n' ? allSet('CONFIG_EXT2_FS')(subject) : []),
      ...allSet('CONFIG_ROMFS_FS', 'CONFIG_TMPFS')(subject),
    ],
  },
]
