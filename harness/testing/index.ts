import './to-print.ts'

export { describe, expect } from 'vitest'
export { test, type BootFixture } from './test.ts'
