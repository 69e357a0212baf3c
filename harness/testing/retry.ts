import type { Outcome } from '../core/outcome.ts'

/** Outcomes that say nothing of what was booted: another attempt may. */
const hostOutcomes: readonly Outcome[] = ['host-failed', 'emulator-failed']

/** Whether a boot ended by its host's fault. */
export const isHostOutcome = (outcome: Outcome): boolean => hostOutcomes.includes(outcome)

/** Whether the host kept a test from its end, in a way that may pass. A program that is missing stays so. */
export const isHostFailure = (error: unknown): boolean => {
  const { culprit, code } = (error ?? {}) as { culprit?: unknown; code?: unknown }
  return culprit === 'host' && code !== 'BOOTSTAND_TOOL'
}

/** For tests that boot nothing: no error of theirs matches. */
export const neverRetried = /(?!)/
