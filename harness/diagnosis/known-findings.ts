/** A line that shows something, or a fact beside the log where `line` is absent. */
export interface Evidence {
  /** Of the log, from 1. */
  readonly line?: number
  readonly text: string
}

/** Something that has a known cure, and what shows it. */
export interface KnownFinding {
  readonly id: string
  readonly advice: string
  /** Where the advice comes from. */
  readonly source: string
  /** Tried on plain lines. */
  readonly pattern: RegExp
  /** How often a log has the line before it means this; each is evidence. */
  readonly least?: number
  /** A second line, anywhere, without which the first does not mean this. */
  readonly besides?: RegExp
}

const recordings = 'fixtures/recordings/pistachio'
const proofs = 'docs/lint-proofs.md'

/** L4Ka's page about its L4Linux-2.4, by its sections. */
export const notes = (section: string): string => `L4Ka's notes on L4Linux-2.4, ${section}`

/** What one line shows, or two. A cause that was seen once need not be the only one; the advice says so. */
export const knownFindings: readonly KnownFinding[] = [
  {
    id: 'kernel-memory-exhausted',
    pattern: /KD# kmem_alloc: out of kernel memory/,
    advice:
      "The kernel has used up its own memory. Reserve more by kickstart's option kmem=, such as kmem=64M (16 MB otherwise), in a machine that has as much; where kickstart does not know the option, the number is ADDITIONAL_KMEM_SIZE in its source.",
    source: `kickstart's mbi-loader.cc; ${recordings}/20-err-mem16.log`,
  },
  {
    id: 'kernel-memory-unreadable',
    pattern: /^Reserving 0B for kernel memory/,
    advice:
      'kickstart read no usable number behind kmem=. It takes decimal digits and one capital K, M or G, as in kmem=40M; a line that GRUB cut ends in half a number, too.',
    source: proofs,
  },
  {
    id: 'modules-swapped',
    pattern: /KD# total quantum IPC unimplemented/,
    advice:
      'It was seen with sigma0 and the root task in the wrong order. The modules are the kernel, sigma0 and the root task, in this order.',
    source: `${recordings}/20-err-swapped-sigma0-root.log`,
  },
  {
    id: 'modules-swapped',
    // Where sigma0 is linked, and a sigma0 that is linked elsewhere.
    pattern: /^ roottask +\(0x[0-9a-f]{8}-0x[0-9a-f]{8}\) +=> 0x0002[0-9a-f]{4}$/,
    besides: /^ sigma0 +\(0x[0-9a-f]{8}-0x[0-9a-f]{8}\) +=> 0x(?!0002)[0-9a-f]{8}$/,
    advice:
      'The root task lies where sigma0 is linked, and sigma0 does not: they are in the wrong order. The modules are the kernel, sigma0 and the root task, in this order.',
    source: `kickstart's load lines; ${recordings}/20-err-swapped-sigma0-root.log`,
  },
  {
    id: 'no-kickstart',
    pattern: /KD# memdesc overflow/,
    advice:
      'It was seen with a kernel that GRUB started by itself. `kernel` in the menu names kickstart; the kernel is the first `module`.',
    source: `${recordings}/20-err-kernel-direct-nokickstart.log`,
  },
  {
    id: 'image-overlaps',
    pattern: /^ {5}Conflict with (?:multiboot )?module \d+ \(/,
    advice:
      'Link the image to another address. With kickstart 0.13 a root task has 0x00400000 to 0x00800000 for itself.',
    source: `kickstart's load lines in ${recordings}/kdb-rt-ud2.log`,
  },
  {
    id: 'null-pointer-maybe',
    pattern: /: invalid opcode at IP (?!00000)[0-9a-f]{8}$/,
    advice:
      'gcc makes an undefined instruction of an access through a pointer that it knows to be null. At run time no null pointer faults under sigma0, which gives page 0 like any other memory.',
    source: `${recordings}/10-rt-nullderef.log`,
  },
  {
    id: 'null-pointer-called',
    pattern: /: invalid opcode at IP 00000[0-9a-f]{3}$| pf @ [0-9a-f]{8}, ip=00000[0-9a-f]{3}$/,
    advice:
      'The program ran in the first page of memory, most likely by a call through a null pointer. The call itself did not fault, since sigma0 gives page 0 like any other memory; what failed are the bytes there. The stack tells who called.',
    source: `${recordings}/10-rt-nullderef.log`,
  },
  {
    id: 'null-pointer-read',
    // No row of a memory dump, which shows page 0 because somebody asked for it.
    pattern: /^(?![0-9a-f]{8} {2}).*\bf000ff53\b/i,
    advice:
      'f000ff53 is what the BIOS of QEMU leaves at address 0: it may have been read through a null pointer, which does not fault under sigma0.',
    source: `SeaBIOS's interrupt vectors; ${recordings}/10-rt-nullderef.log`,
  },
  {
    id: 'keys-lost',
    pattern: /--- "KD# breakin" ---/,
    advice:
      'This kernel takes an Escape key for a break-in (CONFIG_KDB_BREAKIN_ESCAPE): at every timer tick it reads the serial port and throws away what is no Escape, so a program loses keys. Build it with CONFIG_KDB_BREAKIN_BREAK alone, or type each key until it has an effect.',
    source: "Pistachio's kernel/kdb/platform/pc99/io.cc",
  },
  {
    id: 'no-bootstrap-task',
    pattern: /^panic .*: bootstrap_create: No bootstrap code loaded with the kernel!$/,
    advice:
      'GNU Mach starts the programs that the menu gives it as modules, and there was none. Behind the file stand its arguments and what to do, as in `module /boot/task task $(task-create) $(task-resume)`.',
    source: 'fixtures/recordings/gnumach/gnumach-ddb.log',
  },
  {
    id: 'no-first-domain',
    pattern: /^\(XEN\) dom0 kernel not specified\. Check bootloader configuration/,
    advice:
      'Xen starts the first `module` of the menu as the kernel of its first domain, the second one is its initial ramdisk; the menu has none.',
    source: 'fixtures/recordings/xen/no-dom0.log and debug-keys.log',
  },
  {
    id: 'machine-reset',
    pattern: /^(?:KickStart \d|L4 Bootstrapper$|\(XEN\) Xen version |GNU Mach \d)/,
    least: 2,
    advice:
      'The machine began anew while this was recorded. If nobody reset it, it was a triple fault: QEMU writes the registers to the file of -d cpu_reset -D FILE, and -no-reboot keeps the end.',
    source: "QEMU's manual, -d and -no-reboot",
  },
  {
    id: 'no-initial-console',
    pattern: /Warning: unable to open an initial console\./,
    advice:
      'The root file system needs /dev/console (mknod /dev/console c 5 1), and console= must name a device that this kernel drives. For L4Linux-2.4 name consoles on its command line, such as console=herc console=ttyS1,115200; the last one is /dev/console.',
    source: `Linux' init/main.c and Documentation/serial-console.txt; ${notes('/dev/console')}`,
  },
  {
    id: 'ramdisk-too-big',
    pattern: /RAMDISK: image too big! \(/,
    advice: 'Give the ramdisk at least the size of the image by ramdisk_size=, in KiB.',
    source: "Linux' Documentation/ramdisk.txt",
  },
  {
    id: 'ramdisks-large',
    // From 65536 KiB on.
    pattern:
      /RAMDISK driver initialized: (?:[2-9]|\d{2,}) RAM disks of (?:6553[6-9]|655[4-9]\d|65[6-9]\d\d|6[6-9]\d{3}|[7-9]\d{4}|\d{6,})K size/,
    advice:
      'Linux may try to allocate each of these ramdisks in full. Set NUM_RAMDISKS in drivers/block/rd.c to 1, or take a smaller ramdisk_size=.',
    source: notes('Source Configuration and Building'),
  },
  {
    id: 'module-versions',
    pattern: /^CONFIG_MODVERSIONS=y|^#define CONFIG_MODVERSIONS 1|-DMODVERSIONS\b/,
    besides: /\bVX2\b|\basm-l4\b|L4Linux/,
    advice: 'L4Linux-2.4 cannot be built with module versions: switch CONFIG_MODVERSIONS off.',
    source: notes('Known Bugs and Issues'),
  },
]
