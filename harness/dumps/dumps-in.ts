import {
  readDdbEntry,
  readDdbMemory,
  readDdbRegisters,
  readDdbThread,
  readDdbThreads,
  readDdbTrace,
} from './gnumach/debugger.ts'
import { readMachPanic } from './gnumach/panic.ts'
import { readGrubStop } from './grub/stop.ts'
import { readJdbEntry, readJdbThreads } from './l4re/debugger.ts'
import { readL4ReFailure } from './l4re/failure.ts'
import { readJdbMemory } from './l4re/memory.ts'
import { readFiascoPanic } from './l4re/panic.ts'
import { readJdbThread } from './l4re/thread.ts'
import { readFiascoTrap } from './l4re/trap.ts'
import { linesOf, type Lines } from './lines.ts'
import { readLinuxOops } from './linux/oops.ts'
import { readLinuxPanic } from './linux/panic.ts'
import { readLinuxTrouble } from './linux/trouble.ts'
import { readBootInformation } from './pistachio/boot-information.ts'
import { readControlRegisters } from './pistachio/control-registers.ts'
import { readDebuggerEntry } from './pistachio/debugger-entry.ts'
import { readDebuggerPrompt } from './pistachio/debugger-prompt.ts'
import { readExceptionFrame } from './pistachio/exception-frame.ts'
import { readFault } from './pistachio/fault.ts'
import { readKernelInterfacePage } from './pistachio/kernel-interface-page.ts'
import { readKernelMemory } from './pistachio/kernel-memory.ts'
import { readKickstartFailure } from './pistachio/kickstart.ts'
import { readMapping } from './pistachio/mapping.ts'
import { readMemory } from './pistachio/memory.ts'
import { readPageTable } from './pistachio/page-table.ts'
import { readReadyQueue } from './pistachio/ready-queue.ts'
import { readThread } from './pistachio/thread.ts'
import { readTraceBuffer } from './pistachio/trace-buffer.ts'
import { readTracepoints } from './pistachio/tracepoints.ts'
import type { DumpReader, Reading } from './reader.ts'
import { readXenDomain } from './xen/domain.ts'
import { readXenPanic } from './xen/panic.ts'
import { readXenRegisters } from './xen/registers.ts'

/** Lines of a text, counted from 1, both ends included. */
export interface LineRange {
  readonly first: number
  readonly last: number
}

/** All that can be read, the most particular first. */
const readers = [
  readKickstartFailure,
  readGrubStop,
  readDebuggerEntry,
  readFault,
  readDebuggerPrompt,
  readExceptionFrame,
  readThread,
  readReadyQueue,
  readKernelInterfacePage,
  readMemory,
  readPageTable,
  readMapping,
  readTraceBuffer,
  readTracepoints,
  readKernelMemory,
  readBootInformation,
  readControlRegisters,
  readLinuxPanic,
  readLinuxOops,
  readLinuxTrouble,
  readJdbEntry,
  readJdbThreads,
  readJdbThread,
  readJdbMemory,
  readL4ReFailure,
  readFiascoTrap,
  readFiascoPanic,
  readMachPanic,
  readDdbEntry,
  readDdbTrace,
  readDdbRegisters,
  readDdbThreads,
  readDdbThread,
  readDdbMemory,
  readXenPanic,
  readXenRegisters,
  readXenDomain,
] as const

type Content = (typeof readers)[number] extends DumpReader<infer D> ? D : never

/**
 * What a kernel, its debugger or a loader printed of itself. `system` and `kind` tell which dump it is;
 * what stands in `decoded` is computed, everything else was printed. What was not printed is absent.
 */
export type Dump = Content & { readonly at: LineRange }

/**
 * Finds every dump in a log, in the order of its lines. Never throws, whatever the text is.
 *
 * @param text With its escape sequences where there are any; bytes as Latin-1.
 */
export const dumpsIn = (text: string): readonly Dump[] => {
  const lines = linesOf(text)
  const dumps: Dump[] = []
  for (let at = 0; at < lines.length; at += 1) {
    if (lines[at]?.text === '') continue
    const found = readAt(lines, at)
    if (found === undefined) continue
    dumps.push({ ...found.dump, at: { first: (found.first ?? at) + 1, last: found.end } })
    at = Math.max(at, found.end - 1)
  }
  return dumps
}

const readAt = (lines: Lines, at: number): Reading<Content> | undefined => {
  for (const read of readers) {
    const found: Reading<Content> | undefined = read(lines, at)
    if (found !== undefined) return found
  }
  return undefined
}
