import { expect, test } from 'bootstand/testing'
import * as faults from './faults.ts'

// What the root task does wrong, what the kernel says, and what becomes of it after `g`.
test.for([
  [
    'undefined opcode',
    faults.undefinedOpcode,
    /invalid opcode at IP [0-9a-f]+/,
    'KD# invalid opcode',
  ],
  ['divide by zero', faults.divideByZero, 'Unhandled exception 0', 'KD# Exception caught'],
  ['general protection', faults.generalProtection, /fault addr: +[0-9a-f]+/, 'KD# #GP'],
  ['kernel area', faults.kernelArea, /ROOTTASK pf @ f0100000, ip=/, 'KD# user touches kernel area'],
  ['kernel memory', faults.kernelMemory, /\S/, 'KD# kmem_alloc: out of kernel memory'],
] as const)('%s enters the kernel debugger', async ([, scenario, words, reason], { boot }) => {
  const target = await boot(scenario)
  await expect(target.herc).toPrint(/Idle thread started on CPU 0/)
  await expect(target.herc).toPrint(words)
  await expect(target.herc).toPrint(`--- "${reason}" ---`)
  await expect(target.herc).toPrint('> ')
})

test('a kernel-debugger entry goes on after g', async ({ boot }) => {
  const target = await boot(faults.debuggerEntry)
  await expect(target.herc).toPrint('--- "hello from roottask" ---')
  await expect(target.herc).toPrint('> ')
  await target.herc.type('g')
  // The debugger echoes the command's name, then the root task goes on.
  await expect(target.herc).toPrint('go')
  await expect(target.herc).toPrint(/after/)
})

test('a return from main leaves a bare prompt, again after g', async ({ boot }) => {
  const target = await boot(faults.returnFromMain)
  for (let round = 0; round < 3; round++) {
    await expect(target.herc).toPrint(/^> $/)
    await target.herc.type('g')
    await expect(target.herc).toPrint('go')
  }
})

test('a null pointer does not fault: sigma0 maps page 0', async ({ boot }) => {
  const target = await boot(faults.nullPointer)
  await expect(target.herc).toPrint(/read [0-9a-f]{8} from address 0/)
  await expect(target.herc).toPrint(/^roottask case \d+: end/)
})

test.for([
  ['spins', faults.spin, 'spinning'],
  ['sleeps', faults.sleep, 'sleeping'],
] as const)('a root task that %s is silent then', async ([, scenario, words], { boot }) => {
  const target = await boot(scenario)
  await expect(target.herc).toPrint('Idle thread started on CPU 0')
  await expect(target.herc).toPrint(new RegExp(`${words}.*$`))
  await target.herc.staysQuiet(300)
})

test('a triple fault is told from a reset', async ({ boot }) => {
  const target = await boot(faults.tripleFault)
  await expect(target.ended).resolves.toMatchObject({ kind: 'triple-fault', culprit: 'guest' })
})
