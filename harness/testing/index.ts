import './matchers.ts'

export { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
export { standInFolder as standIns } from '../host/stand-ins.ts'
export { test, type BootFixture } from './test.ts'
