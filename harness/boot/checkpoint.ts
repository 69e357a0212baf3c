import { existsSync } from 'node:fs'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import { sha256OfProgram } from '../host/hash.ts'
import { inspectTool } from '../host/tools.ts'
import { checkpointFiles, type Checkpoint } from '../run-folder/checkpoint-file.ts'
import { emulatorOf, machineArguments, profileArguments } from '../target/qemu/command-line.ts'
import type { MachineOptions, Profile } from '../target/target.ts'
import type { BootPlan } from './plan.ts'

export type { Checkpoint } from '../run-folder/checkpoint-file.ts'

type Ingredients = Pick<BootPlan<string>, 'machine' | 'method' | 'consoles' | 'menu' | 'images'>

/** What a boot is made of, by name: where two differ, a checkpoint of one is none of the other. */
export const ingredients = async (
  { machine, method, consoles, menu, images }: Ingredients,
  profile: Profile,
): Promise<Record<string, string>> => {
  const emulator = emulatorOf(machine)
  const { path: file = '', version = '' } = await inspectTool(emulator)
  return {
    QEMU: `${emulator} ${version} ${await sha256OfProgram(file)}`,
    machine: machineWords(machine, profile),
    method,
    menu: menu ?? '',
    consoles: JSON.stringify(consoles),
    ...Object.fromEntries(
      images.map((it, index) => [
        `file ${index + 1} (${it.role})`,
        `${it.sha256 ?? it.path} ${it.arguments}`,
      ]),
    ),
  }
}

const machineWords = (machine: MachineOptions, profile: Profile): string =>
  [...machineArguments(machine), ...profileArguments[profile]].join(' ')

/** @throws {BootstandError} when a boot is another than that of which a checkpoint is, or it is gone. */
export const assertSame = (
  { name, folder, holdsFor }: Checkpoint,
  found: Readonly<Record<string, string>>,
): void => {
  if (!existsSync(path.join(folder, checkpointFiles.state)))
    throw checkpointError(`The checkpoint ${name} is no longer in ${folder}. Make it anew.`)
  const names = [...new Set([...Object.keys(holdsFor), ...Object.keys(found)])]
  const other = names.find((it) => holdsFor[it] !== found[it])
  if (other === undefined) return
  const [then, now] = [holdsFor[other] ?? 'nothing', found[other] ?? 'nothing']
  const isShort = !`${now}${then}`.includes('\n')
  const values = isShort ? `: "${now}", where it was "${then}"` : ''
  throw checkpointError(
    `Expected the same boot as that of the checkpoint "${name}", found another ${other}${values}. Boot the same, or make the checkpoint anew.`,
  )
}

/**
 * Says before a boot what would keep it from having a checkpoint.
 *
 * @throws {BootstandError} when its disk may change, of which a checkpoint would know nothing, and so on.
 */
export const assertCheckpointable = (
  name: string,
  method: BootPlan<string>['method'],
  profile: Profile | undefined,
): void => {
  if (method === 'floppy' || method === 'disk')
    throw checkpointError(
      `Expected a boot without a disk that its guest can write, found method ${method}: a checkpoint holds memory and devices only. Boot by direct or iso.`,
    )
  if (profile === 'record')
    throw new BootstandError(
      'BOOTSTAND_RECORD',
      'usage',
      'Expected another profile than record for a checkpoint: QEMU does not go back while it records. Use fast or deterministic.',
    )
  if (!/^[\w-]+$/.test(name))
    throw checkpointError(
      `Expected a checkpoint's name of letters, digits, - and _, found ${JSON.stringify(name)}.`,
    )
}

export const checkpointError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_CHECKPOINT', 'usage', message)
