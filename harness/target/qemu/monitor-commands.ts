import { deadlines } from '../../core/deadline.ts'
import { BootstandError } from '../../core/errors.ts'
import type { Qmp } from './qmp.ts'

/** Runs a command of QEMU's monitor for people, where its protocol has none. Gives its words. */
export const forPeople = async (qmp: Qmp, line: string): Promise<string> =>
  (await qmp.execute(
    'human-monitor-command',
    { 'command-line': line },
    takesDisk.test(line) ? deadlines.machineState : undefined,
  )) as string

/** What takes as long as a disk does. */
const takesDisk = /^(?:savevm|loadvm) /

/** The machine's run state, by QEMU's own names: `running`, `paused`, `debug`, … */
export const statusOf = async (qmp: Qmp): Promise<string> =>
  ((await qmp.execute('query-status')) as { readonly status: string }).status

/** How many instructions the guest has executed, where QEMU counts them. */
export const instructionsOf = async (qmp: Qmp): Promise<number> =>
  ((await qmp.execute('query-replay')) as { readonly icount: number }).icount

/** Reads a byte from a port, as the processor would. */
export const readPort = async (qmp: Qmp, port: number): Promise<number> => {
  const words = await forPeople(qmp, `i /1b ${port}`)
  const value = /= (?<value>0x[0-9a-f]+)/.exec(words)?.groups?.['value']
  if (value === undefined) throw unexpected(words)
  return Number(value)
}

/**
 * Reads registers of a device that has an index port and a data port behind it, and leaves the index
 * as it was. The guest must stand still: it may be about to use the index itself.
 */
export const readIndexed = async (
  qmp: Qmp,
  port: number,
  indexes: readonly number[],
): Promise<Map<number, number>> => {
  const output = async (address: number, value: number) =>
    await forPeople(qmp, `o /1b ${address} ${value}`)
  const before = await readPort(qmp, port)
  // The monitor answers in order; nobody needs to wait in between.
  const reads = indexes.map(async (index) => {
    const [, value] = await Promise.all([output(port, index), readPort(qmp, port + 1)])
    return [index, value] as const
  })
  const [values] = await Promise.all([Promise.all(reads), output(port, before)])
  return new Map(values)
}

/** Reads physical memory, a multiple of 4 bytes, as the processor would. */
export const readMemory = async (qmp: Qmp, address: number, length: number): Promise<Buffer> => {
  const words = await forPeople(qmp, `xp /${length / 4}xw ${address}`)
  const bytes = Buffer.alloc(length)
  const found = words.match(/0x[0-9a-f]{8}\b/g) ?? []
  if (found.length * 4 !== length) throw unexpected(words)
  for (const [index, word] of found.entries()) bytes.writeUInt32LE(Number(word), index * 4)
  return bytes
}

const unexpected = (words: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_QMP',
    'harness',
    `QEMU's monitor gave no values: ${JSON.stringify(words.slice(0, 80))}`,
  )
