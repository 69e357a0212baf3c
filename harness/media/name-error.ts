import { BootstandError } from '../core/errors.ts'

/** The error for a file whose name a boot medium cannot have. */
export const nameError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_NAME', 'bootset', message)
