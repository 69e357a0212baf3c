import { l4linux, linux, matrix } from 'bootstand'

// Each command line of L4Ka's notes on /dev/console, and what people type in its place.
export default matrix({
  title: 'What console= makes appear where',
  rows: [
    '',
    'console=herc',
    'console=herc console=ttyS1,115200',
    'console=ttyS1,115200 console=herc',
    'console=herc console=tty',
    'console=tty',
    'console=ttyS3,115200',
    'console=herc console=ttyS3,115200',
    'console=ttyS1,9600',
  ],
  systems: {
    L4Linux: (words) => l4linux({ arguments: `root=/dev/ram0 ${words}`, ramdisk: 'ramdisk' }),
    // Modern Linux has no debugger's console: its early console and ttyS0 stand in herc's place.
    'Linux 6.1': (words) =>
      linux({
        arguments: words.replaceAll('console=herc', 'earlyprintk=ttyS0,115200 console=ttyS0'),
      }),
  },
  marks: {
    early: /L4Linux stand-in: |printk: bootconsole \[early\w+\] enabled/,
    Linux: /Linux version \d/,
    'no console': /unable to open an initial console/,
    init: /^init: |^Bootstand stand-in of L4Linux/,
    login: /login: ?$/,
  },
  init: 'init',
  until: 'login',
})
