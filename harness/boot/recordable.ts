import { BootstandError } from '../core/errors.ts'
import type { BootPlan } from './plan.ts'

/** By which QEMU can run a boot again. */
export const recordableMethods: ReadonlySet<string> = new Set(['direct', 'iso', 'disk'])

/** @throws {BootstandError} when QEMU cannot run a boot again. */
export const assertRecordable = (
  { from }: { readonly from?: unknown },
  { network }: Pick<BootPlan<string>, 'machine'>['machine'],
): void => {
  if (typeof from === 'object') throw notRecordable('that goes on from a checkpoint')
  if (network !== undefined) throw notRecordable('with a network')
}

/** @throws {BootstandError} when QEMU cannot run again what is booted so. */
export const assertRecordableMethod = (method: string): void => {
  if (!recordableMethods.has(method)) throw notRecordable(`by ${method}`)
}

/** @throws {BootstandError} for a disk that is not the run's own, or one that QEMU does not run again alike. */
export const assertRecordableMedium = ({ method, medium }: BootPlan<string>): void => {
  assertRecordableMethod(method)
  if (method !== 'direct' && medium.image === undefined) throw notRecordable('of a finished disk')
}

const notRecordable = (what: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_RECORD',
    'usage',
    `Expected a boot by direct, iso or disk, from power-on and without a network, for the profile record; found one ${what}. QEMU would not run it again alike.`,
  )
