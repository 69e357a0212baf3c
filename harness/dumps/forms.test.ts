import { expect, test } from 'vitest'
import { dumpsIn } from './dumps-in.ts'
import { inventedIn } from './invented.ts'

/** Texts that no recording here has: from sources and from boots of which only the lines are known. */
test.for([
  [
    'L4Re[rm]: unhandled write page fault at 0x40 pc=0x10000e2',
    'write page fault at address 0x40 by the instruction at 0x10000e2, where the program has no memory',
  ],
  [
    'L4Re: rom/hellopf: Unhandled exception: PC=0x10000e2 PFA=42 LdrFlgs=0',
    'unhandled exception of rom/hellopf at 0x10000e2',
  ],
  [
    'KERNEL: Warning: CPU0: Pager of 23 is invalid (pfa=b3001a10, errorcode/info=00000004) to 10 (pc=b000b8f6)',
    'page fault of thread 23 at address b3001a10 by the instruction at b000b8f6, and it has no valid pager (read of a page that is not there, by a program)',
  ],
  ['MOE: task 3b80 exited with 139', 'task 3b80 ended with 139'],
  ['MOE: is terminating with 127, very bad......', 'the root task Moe ended with 127'],
  [
    'Exception: No such object found: rom/l4re.',
    'there is no rom/l4re: the module is missing or has another name',
  ],
  [
    "l4x_setup_memory: Can't get main memory of 307200kiB!",
    "L4Linux: Can't get main memory of 307200kiB! mem= asks for more than L4Re has",
  ],
  ['CPU 0 [f00308f1]: Wait', 'the kernel debugger was entered: Wait'],
  [
    'RAMDISK: image too big! (3072KiB/1000KiB)',
    'the image is larger than the ramdisk (3072KiB/1000KiB); ramdisk_size= sets it',
  ],
  [
    'Kernel panic: No init found.  Try passing init= option to kernel.',
    'Linux panicked: No init found.  Try passing init= option to kernel. (the root file system has no program that could be the first one)',
  ],
  [
    'PANIC in kernel/src/api/v4/thread.cc, sys_thread_control, line 77:\n===> no space',
    'kernel panic at kernel/src/api/v4/thread.cc:77: no space',
  ],
] as const)('%s', ([text, summary]) => {
  const dumps = dumpsIn(text)
  expect(dumps.map((it) => it.summary)).toStrictEqual([summary])
  expect(dumps.flatMap((it) => inventedIn(it, text))).toStrictEqual([])
})

test.for([
  [
    'Assertion failed at kern/thread.cpp:420:0xf0012345: state() == 0',
    { expression: 'state() == 0', file: 'kern/thread.cpp', line: 420, caller: '0xf0012345' },
  ],
  [
    'Assertion failed at kern/thread.cpp:420: state() == 0',
    { expression: 'state() == 0', line: 420, caller: undefined },
  ],
  [
    "Assertion failed: 'state() == 0'\n  in kern/thread.cpp:420\n  at f0012345\n",
    { expression: 'state() == 0', file: 'kern/thread.cpp', caller: '0xf0012345' },
  ],
  [
    '\x1b[1mPanic: Assertion failed at boot/bootstrap.cc:68:0x101234: a < b\n\x1b[m',
    { expression: 'a < b', caller: '0x101234' },
  ],
  [
    '\x1b[1mPanic: Could not reserve kernel memory.\x1b[m',
    { message: 'Could not reserve kernel memory.', expression: undefined },
  ],
] as const)('Fiasco gave up: %s', ([text, panic]) => {
  const dumps = dumpsIn(text)
  expect(dumps).toMatchObject([{ system: 'fiasco', kind: 'panic', stop: true, ...panic }])
  expect(dumps.flatMap((it) => inventedIn(it, text))).toStrictEqual([])
})

test('of assertions before their own banner the last one is the reason', () => {
  const failed = (what: string) => `Assertion ${what} failed in file a.cc, line 7 (fn=f0101000)\n`
  const banner = `--- "KD# assert" ---\n${'-'.repeat(33)} (eip=f0101000, esp=f0102000) ---\n`
  expect(dumpsIn(`${failed('one')}${failed('other')}${banner}`)).toMatchObject([
    { kind: 'fault', expression: 'one' },
    { kind: 'debugger-entry', message: 'assert', fault: { expression: 'other' } },
  ])
})

/** The forms are those of src/kern/ia32/32/trap_state-ia32.cpp and thread-ia32.cpp. */
const trap32 = `EAX 00000000 EBX e0019000 ECX 0000000a EDX 000003fd
ESI 00000000 EDI 42000000 EBP 00404fe8 ESP b000ffc0
EIP 01000123 EFLAGS 00003246
CS 001b SS 0023 DS 0023 ES 0023 FS 0023 GS 0043
trap 14 (Page Fault), error 00000006, from user mode
page fault linear address 00000040
`

test('of a trap of Fiasco nothing is invented', () => {
  for (const dump of dumpsIn(trap32)) expect(inventedIn(dump, trap32)).toStrictEqual([])
})

test('a trap that kills a thread of Fiasco', () => {
  const text = `\n\x1b[31mKERNEL\x1b[m: Warning: 0xf1234000 killed:\n\x1b[1mUnhandled trap \x1b[m\n${trap32}`
  expect(dumpsIn(text)).toMatchObject([
    {
      kind: 'trap',
      summary: 'page fault in user mode at 01000123 of the thread at f1234000, which was killed',
      ip: '0x01000123',
      vector: 14,
      name: 'Page Fault',
      errorCode: '0x00000006',
      mode: 'user',
      address: '0x00000040',
      thread: '0xf1234000',
      registers: { eax: '0x00000000', eflags: '0x00003246', cs: '0x001b', gs: '0x0043' },
      decoded: { pageFault: { access: 'write', user: true, present: false } },
      at: { first: 2, last: 9 },
    },
  ])
})

test('a trap in the kernel of Fiasco, of 64 bits too, and the panic behind it', () => {
  const text = `RAX 0000000000000000    RBX fffffffff0001000
R8  0000000000000001    R9  0000000000000002
RIP fffffffff0012345 RFLAGS 0000000000010002
CS 0008 SS 0010

trapno 13, error 0, from kernel mode
(internal event regarding GDT entry no. 0x00)
\x1b[1mPanic: terminated due to trap\x1b[m
`
  expect(dumpsIn(text)).toMatchObject([
    {
      kind: 'trap',
      ip: '0xfffffffff0012345',
      vector: 13,
      name: undefined,
      mode: 'kernel',
      registers: { r8: '0x0000000000000001', rip: '0xfffffffff0012345' },
      decoded: { trap: { mnemonic: '#GP' } },
      at: { first: 1, last: 7 },
    },
    { kind: 'panic', message: 'terminated due to trap' },
  ])
})

test('a double fault of Fiasco', () => {
  const text = `\x1b[1;31mDOUBLE FAULT!\x1b[m
EAX=00000001  ESI=00000002  DS=0010
EFL=00010002  EIP=f0012345  CS=0008    CPU=0
`
  expect(dumpsIn(text)).toMatchObject([
    { summary: 'double fault at f0012345', registers: { eax: '0x00000001', cs: '0x0008' } },
  ])
})

/** The form is that of arch/i386/kernel/traps.c and mm/fault.c in Linux 2.4. */
const oopsOf24 = `Unable to handle kernel NULL pointer dereference at virtual address 00000014
 printing eip:
c01de48c
*pde = 00000000
Oops: 0002
CPU:    0
EIP:    0010:[<c01de48c>]    Not tainted
EFLAGS: 00010246
eax: 00000000   ebx: c1137f40   ecx: 00000038   edx: 00000000
esi: c672f000   edi: c672f07c   ebp: 00000001   esp: c113dfe0
ds: 0018   es: 0018   ss: 0018
Process swapper (pid: 1, stackpage=c113d000)
Stack: c0105000 0008e000 c010501b 00000f00
       00000000 c1137f40
Call Trace:    [<c0105000>] [<c010501b>]

Code: 89 50 14 c3 8d 76 00
 <0>Kernel panic: Attempted to kill init!
`

test('an oops of Linux 2.4, and the panic behind it', () => {
  const [oops, panic] = dumpsIn(oopsOf24)
  for (const dump of dumpsIn(oopsOf24)) expect(inventedIn(dump, oopsOf24)).toStrictEqual([])
  expect(oops).toMatchObject({
    system: 'linux',
    kind: 'oops',
    address: '0x00000014',
    errorCode: '0x0002',
    pid: 1,
    command: 'swapper',
    taint: 'Not tainted',
    ip: { address: '0xc01de48c' },
    registers: { eax: '0x00000000', esp: '0xc113dfe0', eflags: '0x00010246' },
    callTrace: [{ address: '0xc0105000' }, { address: '0xc010501b' }],
    code: '89 50 14 c3 8d 76 00',
    decoded: { ring: 0, pageFault: { access: 'write', user: false, present: false } },
  })
  expect(panic).toMatchObject({ kind: 'panic', message: 'Attempted to kill init!' })
})

test('a banner may say several lines, and stand behind what a program printed', () => {
  expect(
    dumpsIn(
      'done--- "first\nsecond" ---\n--------------------------------- (eip=00400020, esp=00404ff0) ---\n',
    ),
  ).toMatchObject([{ message: 'first\nsecond', ip: '0x00400020', at: { first: 1, last: 3 } }])
})

test('a banner without an end is read as far as it is sure', () => {
  expect(dumpsIn('--- "KD# kpf\nhello\n')).toMatchObject([
    { message: 'kpf', at: { first: 1, last: 1 } },
  ])
})

test('what kickstart of another version means by a line is not guessed', () => {
  const [failure] = dumpsIn('KickStart 0.12.56\nPANIC: FAIL in line 241\n')
  expect(failure).toMatchObject({
    version: '0.12.56',
    summary: 'kickstart gave up at its line 241',
    decoded: { expected: undefined },
  })
})

test('line ends and the prefix of a console make no difference', () => {
  const line = 'Kernel panic - not syncing: x'
  for (const text of [`\n\r${line}\n\r`, `\r\n[    2.713850] ${line}\r\n`, `\n<0>${line}\n`])
    expect(dumpsIn(text)).toMatchObject([{ message: 'x', at: { first: 2, last: 2 } }])
})
