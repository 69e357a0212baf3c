/** Command lines by which L4Linux gets its consoles. What each shows where is in `consoles.test.ts`. */
export const consoleArguments: readonly string[] = [
  '',
  'console=herc',
  'console=herc console=ttyS1,115200',
  'console=ttyS1,115200 console=herc',
  'console=herc console=tty',
  'console=tty',
  'console=ttyS3',
  'console=herc console=ttyS3',
  'console=ttyS1,9600',
]
