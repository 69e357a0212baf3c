import path from 'node:path'
import type { LineDescription } from './board.ts'
import { openCommandLine } from './command-line.ts'
import type { Line, LineEvents } from './line.ts'
import { openRfc2217Line } from './rfc2217-line.ts'
import { openSerialLine } from './serial-line.ts'
import { openTcpLine } from './tcp-line.ts'

/**
 * Opens a board's serial port as its description says.
 *
 * @param directory What paths are relative to.
 * @throws {LineError} when it cannot be opened.
 */
export const openLine = async (
  description: LineDescription,
  directory: string,
  events: LineEvents,
): Promise<Line> => {
  const { serial, tcp, rfc2217, command } = description
  if (serial !== undefined)
    return await openSerialLine(path.resolve(directory, serial), description, events)
  if (tcp !== undefined) return await openTcpLine(tcp, events)
  if (rfc2217 !== undefined) return await openRfc2217Line(rfc2217, description, events)
  return await openCommandLine(command!, directory, events)
}
