/** Ports that a PC's serial ports and the debug port have. */
export const portNames = {
  0x3f8: 'COM1',
  0x2f8: 'COM2',
  0x3e8: 'COM3',
  0x2e8: 'COM4',
  0xe9: 'debug',
} as const

export type PortName = (typeof portNames)[keyof typeof portNames]

/** A byte that a guest wrote to a port. */
export interface PortWrite {
  readonly port: PortName
  readonly value: number
  /** Microseconds since 1970, by the host's clock; 0 where QEMU does not log times. */
  readonly at: number
}

/** A line that QEMU logs for `-trace memory_region_ops_write`, with times where it has `-msg timestamp=on`. */
const tracedWrite =
  /^(?:\d+@(?<seconds>\d+)\.(?<microseconds>\d{6}):)?memory_region_ops_write .* addr (?<address>0x[0-9a-f]+) value (?<value>0x[0-9a-f]+) /

const lineControl = 3
/** While it is set in a UART's line control register, its first register takes the speed. */
const divisorLatch = 0x80

/**
 * Reads which bytes a guest printed, in the order in which its processor wrote them.
 *
 * @returns a reader: give it the lines of QEMU's log one after another.
 */
export const portTraceReader = (): ((line: string) => PortWrite | undefined) => {
  const latched = new Set<number>()
  return (line) => {
    const { seconds = 0, microseconds = 0, address, value } = tracedWrite.exec(line)?.groups ?? {}
    if (address === undefined) return undefined
    const [port, byte] = [Number(address), Number(value)]
    const base = port - lineControl
    if (base in portNames) {
      if ((byte & divisorLatch) === 0) latched.delete(base)
      else latched.add(base)
      return undefined
    }
    if (!(port in portNames) || latched.has(port)) return undefined
    const name = portNames[port as keyof typeof portNames]
    return { port: name, value: byte, at: Number(seconds) * 1e6 + Number(microseconds) }
  }
}
