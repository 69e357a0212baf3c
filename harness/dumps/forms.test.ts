import { expect, test } from 'vitest'
import { dumpsIn } from './dumps-in.ts'

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
  expect(dumpsIn(text).map((it) => it.summary)).toStrictEqual([summary])
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
