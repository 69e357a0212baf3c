import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import { list } from './list.ts'

const count = z.int().min(0)

/** Samples of the program counter that are close together. Addresses are hexadecimal. */
const sampledPlace = exactObject({
  /** Which processor was there, from 0; only where there are several. */
  processor: count.exactOptional(),
  from: z.string(),
  to: z.string(),
  samples: count,
  /** Which files lie there and which of their routines: `rt-spin, main+0x12`. Several when it is not certain. */
  places: list(z.string()),
}).readonly()

/** Checks an `Evidence`. */
export const evidence = exactObject({
  /** One sentence. */
  sentence: z.string(),
  /** Samples of each processor. */
  samples: count,
  /** Samples that found a processor at `hlt`. */
  halted: count,
  /** Samples that found a processor with interrupts off. */
  interruptsOff: count,
  /**
   * Places where the samples were taken, the most frequent one first; where some of several processors spin, only
   * those.
   */
  places: list(sampledPlace),
  /** Interrupts that devices raised during the examination. */
  interrupts: z.number().min(0).optional(),
  /** The machine's status as QEMU's monitor reports it; absent when it did not answer. */
  status: z.string().optional(),
  /** State of QEMU's process, as in proc(5): `R`, `S`, `T`. */
  process: z.string().optional(),
  /** Milliseconds of processor time that QEMU got during the examination. */
  emulatorTime: z.number().optional(),
  /** Milliseconds for which the host kept QEMU, or Bootstand, from running meanwhile. */
  withheld: exactObject({
    waited: z.number().min(0),
    throttled: z.number().min(0),
    stolen: z.number().min(0),
  })
    .readonly()
    .optional(),
  /** Milliseconds that the examination took. */
  took: z.number(),
}).readonly()

/** What an examination of a running machine found, in numbers. */
export type Evidence = z.infer<typeof evidence>
