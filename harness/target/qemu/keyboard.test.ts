import { expect, test } from 'vitest'
import { openKeyboard } from './keyboard.ts'
import type { Qmp } from './qmp.ts'
import { Standstill } from './standstill.ts'

test('keys are typed ahead of a guest as far as they have room, and refused when it never reads', async () => {
  const typed: string[] = []
  let isRead = false
  let time = 0
  const qmp = {
    execute: async (command: string, words: { keys: { data: string }[] }) => {
      if (command === 'human-monitor-command') return `portb[0x0064] = ${isRead ? '0x1c' : '0x1d'}`
      typed.push(words.keys.map(({ data }) => data).join('+'))
      return {}
    },
  } as unknown as Qmp
  const standstill = new Standstill(qmp)
  const type = openKeyboard({ qmp, standstill, time: () => (time += 1000) })
  const refuses = async (text: string, key: string) => {
    await expect(type(text)).rejects.toMatchObject({
      code: 'BOOTSTAND_TYPING',
      culprit: 'guest',
      message:
        'Keys for vga did not reach the guest: it does not read its keyboard (waited 10000 ms), which has no room ' +
        `for the key \`${key}\`. Nothing was typed from there on.`,
    })
  }
  await type('aB')
  await refuses('c', 'c')
  expect(typed).toEqual(['a', 'shift+b'])
  isRead = true
  await type('cd')
  isRead = false
  await refuses('Fg', 'shift+f')
  expect(typed.slice(2)).toEqual(['c', 'd'])
})
