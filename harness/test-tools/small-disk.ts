import { execFileSync } from 'node:child_process'

/**
 * Mounts a small disk, if this user may.
 *
 * @param size As mount's tmpfs takes it, such as `1M`.
 * @returns what unmounts it.
 */
export const smallDisk = (folder: string, size: string): (() => void) | undefined => {
  try {
    const words = ['-t', 'tmpfs', '-o', `size=${size}`, 'none', folder]
    execFileSync('mount', words, { stdio: 'ignore' })
  } catch {
    return undefined
  }
  return () => {
    execFileSync('umount', ['--lazy', folder])
  }
}
