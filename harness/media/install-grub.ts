import fs from 'node:fs/promises'
import path from 'node:path'
import { emulatorCommand } from '../host/emulator-command.ts'
import { runTool, toolError } from '../host/run-tool.ts'
import { toolPath } from '../host/tools.ts'
import { driveFile } from './drive.ts'
import { isoArguments, isoTools, writeIso } from './iso.ts'

/** The outside programs that put GRUB onto a floppy or a hard disk. */
export const installGrubTools = [...isoTools, 'qemu-system-i386', 'setpriv'] as const

/** Milliseconds. A second is enough on an idle host. */
const timeout = 120_000

/**
 * Makes an image boot by GRUB Legacy: GRUB itself, started from a CD in QEMU, runs its command `setup`. Its shell for
 * Linux, which has the same command, is a 32-bit program that 64-bit kernels need not support.
 *
 * @param image Path of a raw image whose file system has GRUB's stages in `/boot/grub`.
 * @throws {BootstandError} `BOOTSTAND_TOOL_FAILED` (culprit: host) with GRUB's own error.
 */
export const installGrub = async (
  image: string,
  { drive, root }: { readonly drive: '(fd0)' | '(hd0)'; readonly root: string },
): Promise<void> => {
  const folder = await fs.mkdtemp(path.join(path.dirname(image), '.setup-'))
  try {
    const [program, ...words] = await emulatorCommand('qemu-system-i386', [
      ...['-nodefaults', '-no-user-config', '-display', 'none', '-accel', 'tcg', '-m', '32'],
      ...isoArguments(await setupCd(folder, `root ${root}\nsetup ${drive}`)),
      ...['-drive', `${driveFile(image)},if=${drive === '(fd0)' ? 'floppy' : 'ide'}`],
      ...['-serial', 'stdio', '-no-reboot'],
    ])
    const output = await runTool('setpriv', words, { cwd: folder, timeout })
    if (/^Done\.\s*$/m.test(output)) return
    throw toolError(
      `GRUB's setup by ${program}`,
      /Error \d+: .*/.exec(output)?.[0] ?? output.trim(),
    )
  } finally {
    await fs.rm(folder, { recursive: true, force: true })
  }
}

/** Writes a CD whose GRUB runs commands, prints what they do on COM1, and ends QEMU by a reset, also after an error. */
const setupCd = async (folder: string, commands: string): Promise<string> => {
  const grub = path.join(folder, 'cd/boot/grub')
  await fs.mkdir(grub, { recursive: true })
  const menu = `serial --unit=0
terminal --dumb serial
default 0
fallback 1
timeout 0
title setup
${commands}
reboot
title failed
reboot
`
  await fs.writeFile(path.join(grub, 'menu.lst'), menu)
  await fs.copyFile(await toolPath('stage2_eltorito'), path.join(grub, 'stage2_eltorito'))
  const image = path.join(folder, 'setup.iso')
  await writeIso(path.join(folder, 'cd'), image)
  return image
}
