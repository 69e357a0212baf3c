/** How each menu of a proof begins, unless the beginning is what is wrong. */
export const globals = `serial --unit=0 --speed=115200
terminal --timeout=0 --dumb serial
timeout 0
`

/** A menu with one entry. */
export const entry = (...lines: readonly string[]): string =>
  `${globals}title Faulty\nroot (cd)\n${lines.join('\n')}\n`

/** An entry that boots a root task, with further modules behind it. */
export const booting = (task: string, ...more: readonly string[]): string =>
  entry('kernel /kickstart', 'module /ia32-kernel', 'module /sigma0', `module /${task}`, ...more)

/** pingpong, with words on kickstart's line. */
export const kickstartWith = (words: string): string =>
  booting('pingpong').replace('/kickstart', () => `/kickstart ${words}`)
