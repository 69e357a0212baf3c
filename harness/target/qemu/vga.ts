import path from 'node:path'
import type { Surroundings } from '../../console/surroundings.ts'
import type { VgaReading } from '../../console/vga-image.ts'
import { VgaRecording } from '../../console/vga-recording.ts'
import { Vga } from '../../console/vga.ts'
import { vgaCells, vgaIndexes, vgaModeOf, vgaWindow } from '../../formats/vga-text.ts'
import type { VgaTextMode } from '../../formats/vga-text.ts'
import type { Emulator } from './emulator.ts'
import type { KeyGate } from './key-gate.ts'
import { openKeyboard } from './keyboard.ts'
import { readIndexed, readMemory } from './monitor-commands.ts'
import type { Qmp } from './qmp.ts'
import type { Standstill } from './standstill.ts'

const ports = { graphics: 0x3ce, crt: 0x3d4 } as const

/** Where a VGA's recording lies, and what its waits have to do with. */
interface VgaPlace {
  /** The run's. */
  readonly folder: string
  /** Milliseconds since power-on. */
  readonly now: () => number
  readonly surroundings: Surroundings
  /** Where the guest stands still to read keys of a serial port; a keyboard's it would not heed. */
  readonly gate: KeyGate | undefined
}

/** The VGA of an emulated machine, and its keyboard. */
export const openVga = (emulator: Emulator, { folder, now, surroundings, gate }: VgaPlace): Vga => {
  const typeOnKeyboard = openKeyboard(emulator, surroundings.slowness)
  return new Vga({
    read: async () => await readVga(emulator.qmp, emulator.standstill),
    type: async (text, assertOn) => {
      const type = async () => await typeOnKeyboard(text, assertOn)
      await (gate?.past(type) ?? type())
    },
    now,
    recording: new VgaRecording(path.join(folder, 'vga.cast'), now),
    ...surroundings,
  })
}

/**
 * Reads the text screen of an emulated VGA.
 *
 * Where it begins and where the cursor is stand in registers behind an index that is the guest's too, so the
 * guest stands still meanwhile. In text modes reading the memory changes nothing; in graphics modes it
 * would load the VGA's latches, so there it is left alone.
 */
const readVga = async (qmp: Qmp, standstill: Standstill): Promise<VgaReading> =>
  await standstill.during(async () => {
    const [graphics, crt] = await Promise.all([
      readIndexed(qmp, ports.graphics, vgaIndexes.graphics),
      readIndexed(qmp, ports.crt, vgaIndexes.crt),
    ])
    const mode = vgaModeOf(graphics, crt)
    if (typeof mode === 'string') return mode
    return { mode, cells: vgaCells(mode, await readWindow(qmp, mode)) }
  })

/** What a mode shows, from its first character on, as far as the window goes. */
const readWindow = async (qmp: Qmp, { start, pitch, rows }: VgaTextMode): Promise<Buffer> => {
  const { address, size } = vgaWindow
  // Memory is read by words, of which the first character may be the second half.
  const first = (start * 2) & ~3
  const length = Math.min(pitch * rows * 2 + 4, size - first)
  return (await readMemory(qmp, address + first, length)).subarray(start * 2 - first)
}
