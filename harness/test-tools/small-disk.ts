import { execFileSync } from 'node:child_process'

/**
 * Mounts a small disk, if this user may.
 *
 * @param size As mount's tmpfs takes it, such as `1M`.
 * @param inodes How many files it has room for; the system's default when absent.
 * @returns what unmounts it.
 */
export const smallDisk = (
  folder: string,
  size: string,
  inodes?: number,
): (() => void) | undefined => {
  try {
    const words = [
      '-t',
      'tmpfs',
      '-o',
      inodes === undefined ? `size=${size}` : `size=${size},nr_inodes=${inodes}`,
      'none',
      folder,
    ]
    execFileSync('mount', words, { stdio: 'ignore' })
  } catch {
    return undefined
  }
  return () => {
    execFileSync('umount', ['--lazy', folder])
  }
}
