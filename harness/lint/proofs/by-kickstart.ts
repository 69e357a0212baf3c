import { booting, entry, kickstartWith } from './menus.ts'
import { prints, thenNothing, type Proof } from './proof.ts'

const pingpong = booting('pingpong')

/** Where kickstart, or the kernel that it starts, trips or does something else than was meant. */
export const provedByKickstart: readonly Proof[] = [
  {
    rule: 'command-lines-too-long',
    menu: pingpong + `module /text ${'a'.repeat(1400)}\n`.repeat(3),
    sees: [prints(/^String buffer overrun$/), prints(/^PANIC: FAIL in line \d+$/)],
  },
  {
    rule: 'trailing-comment',
    menu: kickstartWith('# was kmem=40M'),
    sees: [prints(/^Reserving 40MB for kernel memory$/)],
  },
  {
    rule: 'missing-modules',
    menu: entry('kernel /kickstart'),
    sees: [prints(/^PANIC: FAIL in line 329$/)],
  },
  {
    rule: 'missing-modules',
    menu: entry('kernel /kickstart', 'module /ia32-kernel', 'module /sigma0'),
    sees: [prints(/^PANIC: FAIL in line 167$/)],
  },
  {
    rule: 'swapped-modules',
    menu: entry('kernel /kickstart', 'module /ia32-kernel', 'module /pingpong', 'module /sigma0'),
    // As the root task it would be thread c8001.
    sees: [prints(/^Pingpong started c0001$/)],
  },
  {
    rule: 'swapped-modules',
    menu: entry('kernel /kickstart', 'module /sigma0', 'module /ia32-kernel', 'module /pingpong'),
    sees: [prints(/^PANIC: FAIL in line 329$/)],
  },
  {
    rule: 'too-many-modules',
    menu: pingpong + 'module /text\n'.repeat(30),
    sees: [prints(/^WARNING: Restricting number of modules to 32 \(was 33\)$/)],
  },
  {
    rule: 'kickstart-option-in-word',
    menu: kickstartWith('xkmem=14M'),
    sees: [prints(/^Reserving 14MB for kernel memory$/)],
  },
  {
    rule: 'kickstart-option-value',
    menu: kickstartWith('kmem=40m'),
    sees: [
      prints(/^Reserving 0B for kernel memory$/),
      prints(/^--- "KD# kmem_alloc: out of kernel memory" ---$/),
    ],
  },
  {
    rule: 'kickstart-option-on-module',
    menu: pingpong.replace('/ia32-kernel', '/ia32-kernel kmem=40M'),
    sees: [prints(/^\s+found {2}16M kmem .*/)],
  },
  {
    rule: 'stale-binary',
    menu: pingpong,
    // The newer file would say that it has changed.
    sees: [prints(/^Pingpong started c8001$/)],
  },
  {
    rule: 'not-elf',
    menu: pingpong.replace('/ia32-kernel', '/text'),
    sees: [prints(/^PANIC: FAIL in line 329$/)],
  },
  {
    rule: 'not-elf',
    menu: pingpong.replace('/sigma0', '/text'),
    sees: [prints(/^ sigma0 {2}PANIC: FAIL in line 162$/)],
  },
  {
    rule: 'not-elf',
    menu: booting('text'),
    sees: [prints(/^ roottaskPANIC: FAIL in line 163$/)],
  },
  {
    rule: 'wrong-elf-class',
    menu: booting('64-bit'),
    sees: [prints(/^ roottaskPANIC: FAIL in line 163$/)],
  },
  {
    rule: 'wrong-elf-class',
    menu: booting('for-arm'),
    sees: [prints(/^ roottask .* => 0x00400000$/), prints(/^\s+Idle thread started on CPU 0$/)],
  },
  {
    rule: 'truncated-image',
    menu: booting('cut-task', 'module /text'),
    // These words are the next module's.
    sees: [prints(/^no program$/)],
  },
  {
    rule: 'entry-outside-segment',
    menu: booting('outside'),
    sees: [
      prints(/^ROOTTASK pf @ f0000000, ip=f0000000$/),
      prints(/^--- "KD# user touches kernel area" ---$/),
    ],
  },
  {
    rule: 'load-overlap',
    menu: booting('on-kernel'),
    sees: [
      prints(/^ {5}Conflict with module 0 .*/),
      prints(/^ {5}Please choose a different link base$/),
      prints(/^PANIC: FAIL in line 163$/),
    ],
  },
  {
    rule: 'load-overlap',
    menu: booting('on-module'),
    sees: [prints(/^ {5}Conflict with multiboot module 0 .*/)],
  },
  {
    rule: 'load-above-memory',
    menu: booting('above'),
    sees: [prints(/^\s+Idle thread started on CPU 0$/), thenNothing],
  },
  {
    rule: 'kernel-memory',
    menu: kickstartWith('kmem=200M'),
    sees: [prints(/^--- "KD# kmem_alloc: out of kernel memory" ---$/)],
  },
  {
    rule: 'kernel-memory',
    menu: kickstartWith('maxmem=16M'),
    sees: [
      prints(/^Limiting physical memory to 16MB$/),
      prints(/^--- "KD# kmem_alloc: out of kernel memory" ---$/),
    ],
  },
  {
    rule: 'kernel-memory-limit',
    menu: kickstartWith('kmem=256M'),
    memory: 512,
    sees: [prints(/^Reserving 256MB for kernel memory$/), prints(/^\s+found {2}232M kmem .*/)],
  },
  {
    rule: 'module-unzip',
    menu: pingpong.replace('module /sigma0', 'modulenounzip /sigma0.gz'),
    sees: [prints(/^ sigma0 {2}PANIC: FAIL in line 162$/)],
  },
]
