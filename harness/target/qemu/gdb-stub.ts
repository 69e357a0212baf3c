import type net from 'node:net'
import { deadlines, withDeadline } from '../../core/deadline.ts'
import { BootstandError } from '../../core/errors.ts'

/**
 * A client of QEMU's gdb stub: breakpoints and single steps. (GDB manual, appendix E: Remote Serial Protocol.)
 *
 * The monitor lets the machine go on, since other parts of the harness stop it too.
 */
export class GdbStub {
  readonly #socket: net.Socket
  readonly #onBreakpoint: () => void
  #buffer = ''
  #answer: ((packet: string) => void) | undefined
  readonly #time: () => number
  #steps = false

  /**
   * @param onBreakpoint Told when the guest has come to a breakpoint; the machine stands still then.
   * @param time By which answers are awaited.
   */
  constructor(socket: net.Socket, onBreakpoint: () => void, time: () => number) {
    this.#time = time
    this.#socket = socket
    this.#onBreakpoint = onBreakpoint
    socket.setEncoding('latin1')
    socket.on('error', () => {})
    socket.on('data', (text: string) => this.#receive(text))
  }

  /** Sets or clears a breakpoint at a virtual address, in whatever space. */
  async breakpoint(is: 'set' | 'clear', address: number): Promise<void> {
    // Of the kind that changes no memory of the guest.
    await this.#ask(`${is === 'set' ? 'Z' : 'z'}1,${address.toString(16)},1`)
  }

  /** Runs one instruction. */
  async step(): Promise<void> {
    this.#steps = true
    await this.#ask('s')
  }

  async #ask(packet: string): Promise<void> {
    const answer = new Promise<string>((resolve) => {
      this.#answer = resolve
    })
    this.#socket.write(framed(packet))
    const late = () => failed(packet, 'nothing')
    const text = await withDeadline(answer, deadlines.monitorAnswer, late, this.#time)
    if (text !== 'OK' && !text.startsWith('T')) throw failed(packet, text)
  }

  #receive(text: string): void {
    this.#buffer += text
    for (;;) {
      const found = /\$(?<packet>[^#]*)#[0-9a-f]{2}/.exec(this.#buffer)
      if (found === null) return
      this.#buffer = this.#buffer.slice(found.index + found[0].length)
      this.#socket.write('+')
      this.#take(found.groups!['packet']!)
    }
  }

  #take(packet: string): void {
    // Signal 5: a breakpoint, or the end of a step. The monitor's own stops are signal 2.
    const isStop = packet.startsWith('T')
    if (isStop && !this.#steps) {
      if (packet.startsWith('T05')) this.#onBreakpoint()
      return
    }
    if (isStop) this.#steps = false
    const answer = this.#answer
    this.#answer = undefined
    answer?.(packet)
  }
}

const framed = (packet: string): string => {
  const sum = [...Buffer.from(packet, 'latin1')].reduce((total, byte) => (total + byte) & 0xff, 0)
  return `$${packet}#${sum.toString(16).padStart(2, '0')}`
}

const failed = (packet: string, answer: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_GDB',
    'harness',
    `QEMU's gdb stub answered "${answer}" to "${packet}".`,
  )
