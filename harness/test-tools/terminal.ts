import { execa, type Options } from 'execa'

/**
 * Runs a command at a terminal of its own, 130 columns wide, where keys are typed into its standard input.
 *
 * The shell gives way to the command: one that waited would hear Ctrl-C as well, and dash ends with it.
 */
export const atTerminal = <O extends Options>(command: string, options: O) =>
  execa('script', ['-qec', `stty cols 130 rows 50; exec ${command}`, '/dev/null'], {
    ...options,
    stdin: 'pipe',
    env: { ...options.env, SHELL: '/bin/sh' },
  })
