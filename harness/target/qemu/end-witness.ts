import fs from 'node:fs'
import type { TargetEnd } from '../target.ts'
import { describeExit, type EmulatorExit } from './emulator.ts'
import type { QmpEvent } from './qmp.ts'

/** Bytes at the end of QEMU's log in which it tells of a triple fault; where code is logged, too, it is large. */
const lastBytes = 2 ** 20

const endOfFile = (file: string): Buffer => {
  try {
    const descriptor = fs.openSync(file, 'r')
    try {
      const { size } = fs.fstatSync(descriptor)
      const bytes = Buffer.alloc(Math.min(size, lastBytes))
      fs.readSync(descriptor, bytes, 0, bytes.length, size - bytes.length)
      return bytes
    } finally {
      fs.closeSync(descriptor)
    }
  } catch {
    return Buffer.alloc(0)
  }
}

const switchedOff: TargetEnd = { kind: 'switched-off', what: 'the machine was switched off' }

/** Tells from QEMU's events and log how a machine stopped running; never from an exit status. */
export class EndWitness {
  /** Settles with the first end that an event proves. */
  readonly seen: Promise<TargetEnd>
  readonly #log: string
  #expected = false
  #resolve: (end: TargetEnd) => void = () => {}

  constructor(log: string) {
    this.#log = log
    this.seen = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** From now on an end is our own doing. */
  expectSwitchOff(): void {
    this.#expected = true
  }

  see({ event, data }: QmpEvent): void {
    if (this.#expected) return
    if (event === 'GUEST_PANICKED') {
      this.#resolve({ kind: 'panic', what: 'the guest reported a panic', culprit: 'guest' })
    }
    if (event === 'SHUTDOWN' && data?.['guest'] === true) this.#resolve(this.#judge(data['reason']))
  }

  /** What the end of the process means when no event came before it. */
  judgeExit(exit: EmulatorExit): TargetEnd {
    if (this.#expected) return switchedOff
    return { kind: 'emulator-failed', what: `QEMU failed: ${describeExit(exit)}`, culprit: 'host' }
  }

  #judge(reason: unknown): TargetEnd {
    if (reason === 'guest-shutdown') {
      return { kind: 'shutdown', what: 'the guest switched the machine off', culprit: 'guest' }
    }
    return this.#sawTripleFault()
      ? { kind: 'triple-fault', what: 'the guest reset itself by a triple fault', culprit: 'guest' }
      : { kind: 'reset', what: 'the guest reset the machine', culprit: 'guest' }
  }

  /** QEMU's target/i386 logs a line when a fault meets a double fault; its events do not tell. */
  #sawTripleFault(): boolean {
    return endOfFile(this.#log).includes('Triple fault')
  }
}
