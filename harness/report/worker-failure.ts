import type { SerializedError } from 'vitest'
import { BootstandError } from '../core/errors.ts'

/** Returns what vitest reports of a worker process that died or did not start as the host's failure; nothing for other errors. */
export const workerFailure = (error: SerializedError): BootstandError | undefined => {
  if (!error.message.startsWith('[vitest-pool')) return undefined
  const cause = (error.cause as { readonly message?: string } | undefined)?.message ?? ''
  const hasStarted = /emitted error/.test(error.message)
  const isKnown = cause === '' || cause === 'Worker exited unexpectedly'
  const reason = isKnown ? '' : ` (${cause.replace(/^\[.*?\]: /, '')})`
  const what = hasStarted
    ? `The process that ran tests ended unexpectedly${reason}: it was killed, or the host has no memory left.`
    : `The process that runs tests did not start${reason}: the host is too busy, or has no memory or processes left.`
  return new BootstandError('BOOTSTAND_WORKER', 'host', what)
}
