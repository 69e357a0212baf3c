import fs from 'node:fs'
import path from 'node:path'

/**
 * Writes programs of a test's own into `bin/` of a folder.
 *
 * @param scripts What each does, by its name: lines of a shell.
 * @returns That folder, for a PATH.
 */
export const writePrograms = (
  folder: string,
  scripts: Readonly<Record<string, string>>,
): string => {
  const bin = path.join(folder, 'bin')
  fs.mkdirSync(bin, { recursive: true })
  for (const [name, script] of Object.entries(scripts))
    fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return bin
}

/** A PATH in which these programs come before the host's. */
export const pathWith = (folder: string, scripts: Readonly<Record<string, string>>): string =>
  `${writePrograms(folder, scripts)}:${process.env['PATH']}`

/**
 * A script of a QEMU that answers what every QEMU is asked first, its version and its sandbox, and otherwise runs `lines`.
 *
 * @param options.real A QEMU that answers in its place; without it there is no sandbox.
 */
export const fakeEmulator = (
  lines: string,
  { real, version = '7.2.22' }: { readonly real?: string; readonly version?: string } = {},
): string => `case "$*" in
  --version) exec ${real === undefined ? `echo QEMU emulator version ${version}` : `${real} --version`} ;;
  *'-machine none'*) ${real === undefined ? 'exit 1' : `exec ${real} "$@"`} ;;
esac
${lines}`
