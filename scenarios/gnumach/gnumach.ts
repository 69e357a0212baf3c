import { debianGnumach, grubMenu, menu } from 'bootstand'

/** Debian's GNU Mach with nothing to run: it panics, and its debugger has it. */
export default grubMenu({
  menu: menu()
    .serial({ unit: 0, speed: 115_200 })
    .terminal({ timeout: 0, dumb: true, terminals: ['serial'] })
    .entry('GNU Mach', (entry) =>
      entry.root('(hd0,0)').kernel('/gnumach-1.8-486-dbg.gz', 'console=com0'),
    )
    .print(),
  entry: 'GNU Mach',
  guests: debianGnumach,
})
