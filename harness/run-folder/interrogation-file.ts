import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import type { Dump } from '../dumps/dumps-in.ts'
import { jsonFileText, readJsonFile, type JsonFile } from './json-file.ts'
import { list } from './list.ts'

/** Answers of the kernel's debugger. */
const interrogationName = 'interrogation.json'

/** Each kind of dump has fields of its own (docs/dumps.md). */
const answer = z.looseObject({ kind: z.string(), summary: z.string() })

const interrogationFile: JsonFile<{ readonly answers: readonly z.infer<typeof answer>[] }> = {
  what: "the debugger's answers",
  version: 1,
  schema: exactObject({ answers: list(answer) }),
}

/** Writes the debugger's answers. A failure is ignored: the verdict, which is written next, reports a full disk. */
export const writeInterrogation = async (
  folder: string,
  answers: readonly Dump[],
): Promise<void> => {
  const file = path.join(folder, interrogationName)
  // A dump is an interface, which has no index signature.
  const content = { answers: answers.map((it) => ({ ...it })) }
  await fs.writeFile(file, jsonFileText(interrogationFile, content)).catch(() => {})
}

/** @throws {BootstandError} when the file is missing or damaged. */
export const readInterrogation = (folder: string): readonly z.infer<typeof answer>[] =>
  readJsonFile(interrogationFile, path.join(folder, interrogationName)).answers
