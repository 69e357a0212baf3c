import { debianXen, grubMenu, menu } from 'bootstand'

/** Debian's Xen, with a stand-in for its first domain. */
export default grubMenu({
  menu: menu()
    .serial({ unit: 0, speed: 115_200 })
    .terminal({ timeout: 0, dumb: true, terminals: ['serial'] })
    .entry('Xen', (entry) =>
      entry
        .root('(hd0,0)')
        .kernel('/xen-4.17-amd64.gz', 'com1=115200,8n1 console=com1 noreboot')
        .module('/dom0'),
    )
    .print(),
  entry: 'Xen',
  guests: debianXen,
  memory: 128,
  processors: 2,
  architecture: 'x86_64',
})
