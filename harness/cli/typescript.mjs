// Plain JavaScript: it makes Node read TypeScript, here and by `--import` in tests' processes.
import { lstatSync, mkdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/**
 * Returns the user's own folder for compiled files; nothing where it cannot be trusted. tsx itself runs what it finds in
 * `tsx-UID` of the shared temporary folder, which another user may have made.
 */
const ownFolder = () => {
  const given = process.env.XDG_CACHE_HOME ?? ''
  try {
    const base = path.isAbsolute(given) ? given : path.join(os.homedir(), '.cache')
    const folder = path.join(base, 'bootstand')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const stat = lstatSync(folder)
    const isOwn = stat.uid === process.geteuid() && (stat.mode & 0o022) === 0
    return isOwn && stat.isDirectory() ? folder : undefined
  } catch {
    return undefined
  }
}

const folder = ownFolder()
const usual = process.env.TMPDIR
if (folder === undefined) process.env.TSX_DISABLE_CACHE = '1'
// tsx chooses its folder while it is loaded.
else process.env.TMPDIR = folder
const { register } = await import('tsx/esm/api')
register()
if (usual === undefined) delete process.env.TMPDIR
else process.env.TMPDIR = usual
