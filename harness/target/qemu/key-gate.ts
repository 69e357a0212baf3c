import { setTimeout as pause } from 'node:timers/promises'
import { deadlines } from '../../core/deadline.ts'
import { BootstandError } from '../../core/errors.ts'
import { forPeople } from './monitor-commands.ts'
import type { GdbStub } from './gdb-stub.ts'
import type { Qmp } from './qmp.ts'

/** Milliseconds for which the guest stands still at a routine that reads keys before it goes on without one. */
const patience = 2_000
/** Milliseconds between two looks at how long that was. */
const look = 100

/** Line status register of COM1 to COM4, whose bit 0 says that a byte is there. */
const lineStatus = [0x3fd, 0x2fd, 0x3ed, 0x2ed]

/** How keys get to the guest's UART. */
export interface KeyGateParts {
  readonly qmp: Qmp
  /** Virtual addresses of the routines in which programs read keys. */
  readonly routines: readonly number[]
  /** Milliseconds on a clock that stands still while the emulator cannot run. */
  readonly time: () => number
  /** By which waits are longer on this host. */
  readonly slowness: number
}

/**
 * Gives keys to the guest at an instruction, not at a moment of the host's: whenever the guest is about to read
 * a key, it stands still until there is one.
 */
export class KeyGate {
  readonly #parts: KeyGateParts
  #stub: GdbStub | undefined
  /** Settles when the guest is about to read a key. */
  #arrival = withResolvers()
  #idle: NodeJS.Timeout | undefined
  /** Whether the guest waits for a key within the routine. */
  #late = false
  #wasLate = false
  #last: Promise<void> = Promise.resolve()

  constructor(parts: KeyGateParts) {
    this.#parts = parts
  }

  /** Whether a key came at a moment of the host's, since the guest had gone on without one. */
  get wasLate(): boolean {
    return this.#wasLate
  }

  /** Sets the breakpoints; the machine has not run yet. */
  async arm(stub: GdbStub): Promise<void> {
    this.#stub = stub
    for (const address of this.#parts.routines) await stub.breakpoint('set', address)
  }

  /** Waits until the guest stands still to read a key, or does not come to that. */
  async settled(): Promise<void> {
    if (this.#late) return
    await this.#awaitArrival()
  }

  /** Waits until the guest stands still to read a key; gives whether it does. */
  async #awaitArrival(): Promise<boolean> {
    const { time, slowness } = this.#parts
    const until = time() + patience * slowness
    const arrived = this.#arrival.promise.then(() => true)
    for (;;) {
      const stands = await Promise.race([arrived, pause(look, false)])
      if (stands || time() >= until) return stands
    }
  }

  /** The machine has gone to another moment, and does not run yet. */
  restart(): void {
    clearInterval(this.#idle)
    this.#arrival = withResolvers()
    this.#late = false
  }

  /** The guest stands still at a breakpoint. */
  arrived(): void {
    this.#arrival.resolve()
    let looks = (patience * this.#parts.slowness) / look
    // Counted one by one: while a busy host keeps the test from running, it cannot type.
    this.#idle = setInterval(() => {
      if (looks-- > 0) return
      clearInterval(this.#idle)
      this.#late = true
      void this.#pass().catch(() => {})
    }, look)
    this.#idle.unref()
  }

  /**
   * Gives bytes one by one, each when the guest is about to read one.
   *
   * @param port Index of the serial port.
   * @param send Hands bytes to QEMU.
   */
  async deliver(
    port: number,
    bytes: Buffer,
    send: (bytes: Buffer) => Promise<void>,
  ): Promise<void> {
    const delivery = this.#last.then(async () => {
      for (const byte of bytes) await this.#deliverOne(port, byte, send)
    })
    // A key that did not get there is its own caller's; others may.
    this.#last = delivery.catch(() => {})
    await delivery
  }

  async #deliverOne(
    port: number,
    byte: number,
    send: (bytes: Buffer) => Promise<void>,
  ): Promise<void> {
    // A kernel's debugger reads keys elsewhere, and a guest that went on waits within the routine.
    const stands = !this.#late && (await this.#awaitArrival())
    clearInterval(this.#idle)
    await send(Buffer.of(byte))
    if (!stands) {
      this.#late = false
      this.#wasLate = true
      return
    }
    await this.#taken(lineStatus[port]!)
    await this.#pass()
  }

  /** Waits until the UART has a byte; the machine stands still. */
  async #taken(register: number): Promise<void> {
    const { time } = this.#parts
    const until = time() + deadlines.typing
    while (time() < until) {
      const words = await forPeople(this.#parts.qmp, `i /1b ${register}`)
      const value = Number(/= (?<value>0x[0-9a-f]+)/.exec(words)?.groups?.['value'])
      if ((value & 1) === 1) return
      await pause(1)
    }
    throw notRead()
  }

  /** Lets the guest go on, past the breakpoint at which it stands. */
  async #pass(): Promise<void> {
    clearInterval(this.#idle)
    this.#arrival = withResolvers()
    const { qmp, routines } = this.#parts
    for (const address of routines) await this.#stub!.breakpoint('clear', address)
    await this.#stub!.step()
    for (const address of routines) await this.#stub!.breakpoint('set', address)
    await qmp.execute('cont')
  }
}

const withResolvers = () => {
  let resolve!: () => void
  const promise = new Promise<void>((it) => {
    resolve = it
  })
  return { promise, resolve }
}

const notRead = (): BootstandError =>
  new BootstandError(
    'BOOTSTAND_TYPING',
    'guest',
    'Keys did not reach the guest: its serial port has not taken them.',
  )
