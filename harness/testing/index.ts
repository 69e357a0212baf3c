import './to-print.ts'
import './to-show.ts'

export { describe, expect } from 'vitest'
export { standInFolder as standIns } from '../host/stand-ins.ts'
export { test, type BootFixture } from './test.ts'
