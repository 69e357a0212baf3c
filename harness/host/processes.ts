import fs from 'node:fs'

/** Ids of the processes that work in a folder or below it, such as a run's emulator. */
export const processesIn = (folder: string): number[] => {
  const place = fs.realpathSync(folder)
  return fs.readdirSync('/proc').flatMap((id) => {
    try {
      const directory = fs.readlinkSync(`/proc/${id}/cwd`)
      return directory === place || directory.startsWith(`${place}/`) ? [Number(id)] : []
    } catch {
      // No process, or one that has just ended.
      return []
    }
  })
}
