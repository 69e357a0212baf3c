import type { CommandInfo } from './command.ts'

/** Commands with the flag BUILTIN_MENU but not BUILTIN_CMDLINE in Debian's stage2 0.97-80, and `title`. */
export const menuOnlyCommands = {
  default: {
    place: 'menu',
    purpose: 'Says which entry boots when nobody picks one, counted from 0.',
    arguments: [{ name: 'NUMBER', kind: 'number', choices: ['saved'] }],
  },
  fallback: {
    place: 'menu',
    purpose: 'Says which entries are tried, one after the other, when the picked one fails.',
    arguments: [{ name: 'NUMBER', kind: 'numbers', isRest: true }],
  },
  hiddenmenu: {
    place: 'menu',
    purpose: 'Hides the menu until Esc is pressed, or boots when the timeout is over.',
  },
  timeout: {
    place: 'menu',
    purpose: 'Says how many seconds pass before the default entry boots.',
    arguments: [{ name: 'SECONDS', kind: 'number' }],
  },
  title: {
    place: 'title',
    purpose: 'Begins an entry and names it in the menu.',
    arguments: [{ name: 'NAME', kind: 'text', isRest: true }],
  },
} as const satisfies Readonly<Record<string, CommandInfo>>
