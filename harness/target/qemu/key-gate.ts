import { setTimeout as pause } from 'node:timers/promises'
import { deadlines } from '../../core/deadline.ts'
import { BootstandError } from '../../core/errors.ts'
import { readPort } from './monitor-commands.ts'
import type { GdbStub } from './gdb-stub.ts'
import type { Qmp } from './qmp.ts'
import type { Standstill } from './standstill.ts'

/** Milliseconds for which the guest stands still at a routine that reads keys before it goes on without one. */
const patience = 2_000
/** Milliseconds between two looks at how long that was. */
const look = 100

/** Line status register of COM1 to COM4, whose bit 0 says that a byte is there. */
const lineStatus = [0x3fd, 0x2fd, 0x3ed, 0x2ed]

/** How keys get to the guest's UART. */
export interface KeyGateParts {
  readonly qmp: Qmp
  /** What else makes the guest stand still. */
  readonly standstill: Standstill
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
  #stub: Stub | undefined
  /** Settles when the guest is about to read a key. */
  #arrival = withResolvers()
  /** Whether the guest stands still there, and nobody lets it go on yet. */
  #stands = false
  #idle: NodeJS.Timeout | undefined
  /** Whether the guest reads keys within a routine or elsewhere: they are given at once until it comes to a routine again. */
  #elsewhere = false
  #wasLate = false
  /** Of a key that was given at once: where to see whether the guest has yet to read it. */
  #given: number | undefined
  /** How many keys wait for the guest to come. */
  #awaited = 0
  /** How much goes on that must not find the guest standing. */
  #open = 0
  #last: Promise<void> = Promise.resolve()

  constructor(parts: KeyGateParts) {
    this.#parts = parts
  }

  /** Whether a key came at a moment of the host's, since the guest had gone on without one. */
  get wasLate(): boolean {
    return this.#wasLate
  }

  /** Sets the breakpoints; the machine has not run yet. */
  async arm(stub: Stub): Promise<void> {
    this.#stub = stub
    for (const address of this.#parts.routines) await stub.breakpoint('set', address)
  }

  /** Waits until the guest stands still to read a key, or does not come to that. */
  async settled(): Promise<void> {
    if (!this.#elsewhere) await this.#awaitArrival()
  }

  async #awaitArrival(): Promise<void> {
    const { time, slowness } = this.#parts
    const until = time() + patience * slowness
    const arrived = this.#arrival.promise.then(() => true)
    while (time() < until) if (await Promise.race([arrived, pause(look, false)])) return
  }

  /** The machine has gone to another moment, and does not run yet. */
  restart(): void {
    clearInterval(this.#idle)
    this.#arrival = withResolvers()
    this.#stands = false
    this.#elsewhere = false
    this.#given = undefined
  }

  /** The guest stands still at a breakpoint. */
  arrived(): void {
    this.#stands = true
    this.#elsewhere = false
    this.#arrival.resolve()
    const given = this.#given
    this.#given = undefined
    if (this.#open > 0) this.#passWithout()
    else if (given !== undefined && this.#awaited === 0) void this.#passWith(given)
    let looks = (patience * this.#parts.slowness) / look
    // Counted one by one: while a busy host keeps the test from running, it cannot type.
    this.#idle = setInterval(() => {
      if (looks-- <= 0) this.#passWithout()
    }, look)
    this.#idle.unref()
  }

  /** Does something that reaches the guest by another way, which one that stands still would not heed. */
  async past<T>(action: () => Promise<T>): Promise<T> {
    this.#open++
    try {
      if (this.#claim()) await this.#passInto()
      return await action()
    } finally {
      this.#open--
    }
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
      for (const byte of bytes) await this.#deliverOne(lineStatus[port]!, Buffer.of(byte), send)
    })
    // A key that did not get there is its own caller's; others may.
    this.#last = delivery.catch(() => {})
    await delivery
  }

  async #deliverOne(
    register: number,
    key: Buffer,
    send: (bytes: Buffer) => Promise<void>,
  ): Promise<void> {
    this.#awaited++
    if (!this.#elsewhere) await this.#awaitArrival()
    this.#awaited--
    if (!this.#claim()) {
      // A kernel's debugger reads keys elsewhere, and a guest that went on waits within the routine.
      this.#elsewhere = true
      this.#wasLate = true
      this.#given = register
      await send(key)
      return
    }
    try {
      await send(key)
      await this.#taken(register)
    } finally {
      await this.#pass()
    }
  }

  /** Waits until the UART has a byte; the machine stands still. */
  async #taken(register: number): Promise<void> {
    const { time } = this.#parts
    const until = time() + deadlines.typing
    while (time() < until) {
      if (await this.#hasByte(register)) return
      await pause(1)
    }
    throw notRead()
  }

  async #hasByte(register: number): Promise<boolean> {
    return ((await readPort(this.#parts.qmp, register)) & 1) === 1
  }

  /** Of all who would let the guest go on one does. */
  #claim(): boolean {
    const stands = this.#stands
    this.#stands = false
    if (stands) clearInterval(this.#idle)
    return stands
  }

  /** Lets the guest go on without a key, where it stands. */
  #passWithout(): void {
    // A machine that is gone has its end told elsewhere.
    if (this.#claim()) void this.#passInto().catch(() => {})
  }

  /** Lets the guest go on to a key that it has not read yet. */
  async #passWith(register: number): Promise<void> {
    const hasKey = await this.#hasByte(register).catch(() => false)
    if (hasKey && this.#claim()) await this.#pass().catch(() => {})
  }

  /** Lets the guest go on into the routine, where it waits for a key from now on. */
  async #passInto(): Promise<void> {
    this.#elsewhere = true
    await this.#pass()
  }

  /** Lets the guest go on, past the breakpoint at which it stands. */
  async #pass(): Promise<void> {
    this.#arrival = withResolvers()
    const { qmp, standstill, routines } = this.#parts
    await standstill.outside(async () => {
      for (const address of routines) await this.#stub!.breakpoint('clear', address)
      await this.#stub!.step()
      for (const address of routines) await this.#stub!.breakpoint('set', address)
      await qmp.execute('cont')
    })
  }
}

/** What sets breakpoints, and steps over them. */
type Stub = Pick<GdbStub, 'breakpoint' | 'step'>

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
