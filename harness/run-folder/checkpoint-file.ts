import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import { explainingDisk } from '../host/run-folder.ts'
import { jsonFileText, readJsonFile, type JsonFile } from './json-file.ts'
import { role } from './role.ts'

/** Names of the files of a checkpoint, besides `ROLE.out` with what each console had printed. */
export const checkpointFiles = {
  /** Memory and devices, as QEMU writes them. */
  state: 'state.qcow2',
  description: 'checkpoint.json',
} as const

const offset = z.int().min(0)

const position = exactObject({
  /** Byte offset of a line's beginning. */
  offset,
  /** Characters of that line's plain text. */
  column: offset,
}).readonly()

/** A place in what a console printed. */
export type Position = z.infer<typeof position>

const consoleState = exactObject({
  /** Bytes that it had printed. */
  size: offset,
  /** Up to where waits have consumed them. */
  position,
  /** Up to where waits have seen what stops there are. */
  accepted: position,
  /** Whether keys may follow without another wait. */
  isPrompted: z.boolean(),
}).readonly()

/** How far a console was heard, for another that goes on there. */
export type ConsoleState = z.infer<typeof consoleState>

const machineFields = {
  /** As its author calls it. */
  name: z.string().regex(/^[\w-]+$/, { error: 'expected letters, digits, - and _' }),
  /** Absolute. Readers set it to the folder that they read. */
  folder: z.string(),
  /** Milliseconds since power-on. */
  uptime: z.number().min(0).max(1e12),
  /** As the machine reported. */
  isExact: z.boolean(),
  /** By role. */
  consoles: z.record(role, consoleState).readonly(),
}

const machineCheckpoint = exactObject(machineFields).readonly()

/** A state of a machine, from which it and others can continue. Its files are in a folder of its own. */
export type MachineCheckpoint = z.infer<typeof machineCheckpoint>

const checkpoint = exactObject({
  ...machineFields,
  /** Where the boot's waits began. */
  begins: z.enum(['loader', 'menu', 'kernel']),
  /** Everything that must be the same to continue, by its name. */
  holdsFor: z.record(z.string(), z.string()).readonly(),
}).readonly()

/** A state of a boot, from which others continue. Plain data. */
export type Checkpoint = z.infer<typeof checkpoint>

const checkpointFile: JsonFile<Checkpoint> = {
  what: 'a checkpoint',
  version: 1,
  schema: checkpoint,
}

/** Writes the description of a checkpoint beside its files. */
export const writeCheckpoint = async (content: Checkpoint): Promise<void> => {
  const { folder } = content
  const text = jsonFileText(checkpointFile, content)
  await explainingDisk(
    folder,
    async () => await fs.writeFile(path.join(folder, checkpointFiles.description), text),
  )
}

/** @throws {BootstandError} when there is none, or it is damaged. */
export const readCheckpoint = (folder: string): Checkpoint => ({
  ...readJsonFile(checkpointFile, path.join(folder, checkpointFiles.description)),
  folder,
})
