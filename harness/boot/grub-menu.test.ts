import { expect, test } from 'vitest'
import { grubMenu, methodFor } from './grub-menu.ts'

const entry = (title: string, root: string, kernel: string) =>
  `title ${title}\nroot ${root}\nkernel ${kernel}\n`
const menu = entry('L4', '(hd0,0)', '/boot/kickstart.gz') + entry('Linux', '(fd0)', '/vmlinuz')

test('kernel and medium are told from the entry', () => {
  const described = (wanted?: string) => {
    const scenario = grubMenu({ menu, ...(wanted !== undefined && { entry: wanted }) })
    return [scenario.title, scenario.profile.name, methodFor(scenario)]
  }
  expect(described()).toEqual(['L4', 'L4Ka::Pistachio', 'disk'])
  expect(described('Linux')).toEqual(['Linux', 'GRUB Legacy', 'floppy'])
})

test('a menu without entries is a scenario all the same: GRUB stays at its prompt', () => {
  expect(grubMenu({ menu: '' })).toMatchObject({ title: 'GRUB menu', machine: { memory: 64 } })
})

test('options that it does not know are refused', () => {
  expect(() => grubMenu({ menu, entri: 'L4' } as never)).toThrow('Did you mean "entry"?')
})
