import { expect, test } from 'vitest'
import { KeyGate } from './key-gate.ts'
import type { Qmp } from './qmp.ts'
import { Standstill } from './standstill.ts'

/** A gate whose guest is the test itself, and which is patient for 100 ms: its clock goes on by 10 whenever it is looked at. */
const openGate = async () => {
  const did: string[] = []
  let hasByte = false
  let time = 0
  const qmp = {
    execute: async (command: string) => {
      if (command === 'human-monitor-command') return `portb[0x03fd] = ${hasByte ? '0x61' : '0x60'}`
      did.push(command)
      return {}
    },
  } as unknown as Qmp
  const gate = new KeyGate({
    ...{ qmp, standstill: new Standstill(qmp), routines: [0x40_0000], slowness: 0.05 },
    time: () => (time += 10),
  })
  await gate.arm({ breakpoint: async () => {}, step: async () => {} })
  /** Comes to the routine, with no key unread. */
  const arrive = () => {
    hasByte = false
    gate.arrived()
  }
  const type = async (keys: string) =>
    await gate.deliver(0, Buffer.from(keys), async (bytes) => {
      hasByte = true
      did.push(bytes.toString())
    })
  const goesOn = async () => await expect.poll(() => did.at(-1)).toBe('cont')
  return { gate, did, arrive, type, goesOn, isRead: () => (hasByte = false), time: () => time }
}

test('each key is given where the guest reads one, and it goes on then', async () => {
  const { gate, did, arrive, type } = await openGate()
  arrive()
  const typing = type('ab')
  await expect.poll(() => did).toEqual(['a', 'cont'])
  arrive()
  await typing
  expect(did).toEqual(['a', 'cont', 'b', 'cont'])
  expect(gate.wasLate).toBe(false)
})

test('a guest that has gone on without a key, and comes again, is given one and goes on', async () => {
  const { gate, did, arrive, type, goesOn } = await openGate()
  arrive()
  await goesOn()
  arrive()
  await type('a')
  expect(did).toEqual(['cont', 'a', 'cont'])
  expect(gate.wasLate).toBe(false)
})

test('keys for a guest that reads them elsewhere are waited with once', async () => {
  const { gate, did, arrive, type, goesOn, isRead, time } = await openGate()
  await type('a'.repeat(50))
  expect(time()).toBeLessThan(200)
  expect(gate.wasLate).toBe(true)
  isRead()
  arrive()
  await type('b')
  await goesOn()
  expect(did.slice(-2)).toEqual(['b', 'cont'])
})

test('a guest that comes to a key that was given early does not wait for another', async () => {
  const { gate, did, type } = await openGate()
  await type('a')
  gate.arrived()
  await expect.poll(() => did).toEqual(['a', 'cont'])
})

test('what reaches the guest by another way finds it running', async () => {
  const { gate, did, arrive, goesOn } = await openGate()
  arrive()
  await gate.past(async () => {
    did.push('key of a keyboard')
    arrive()
    await goesOn()
  })
  expect(did).toEqual(['cont', 'key of a keyboard', 'cont'])
})

test('a key that does not get there leaves the guest running', async () => {
  const { gate, did, arrive } = await openGate()
  arrive()
  const typing = gate.deliver(0, Buffer.from('a'), async () => {
    throw new Error('no room')
  })
  await expect(typing).rejects.toThrow('no room')
  expect(did).toEqual(['cont'])
})
