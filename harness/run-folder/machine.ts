import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import { architectures, cpuModel } from '../core/boot-choices.ts'

/** Checks what QEMU emulated. QEMU's words are made of it again, so nothing is accepted that could become another option. */
export const machine = exactObject({
  /** Mebibytes. */
  memory: z
    .int()
    .min(1)
    .max(2 ** 20),
  processors: z.int().min(1).max(255).optional(),
  cpu: z
    .string()
    .max(1000)
    .regex(cpuModel, { error: "expected QEMU's name of a processor model" })
    .optional(),
  architecture: z.enum(architectures).optional(),
  network: exactObject({
    forward: z.array(z.int().min(1).max(65_535)).max(1000).readonly().exactOptional(),
  })
    .readonly()
    .optional(),
}).readonly()
