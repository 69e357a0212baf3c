import { BootstandError } from '../../core/errors.ts'
import { forPeople } from './monitor-commands.ts'
import type { Qmp } from './qmp.ts'

/**
 * The port of the host that QEMU forwards to a TCP port of the guest.
 *
 * @throws {BootstandError} when it forwards none.
 */
export const forwardedPort = async (qmp: Qmp, port: number): Promise<number> => {
  const rows = (await forPeople(qmp, 'info usernet')).matchAll(
    /TCP\[HOST_FORWARD\]\s+\d+\s+\S+\s+(?<host>\d+)\s+\S+\s+(?<guest>\d+)/g,
  )
  const row = [...rows].find(({ groups }) => Number(groups!['guest']) === port)
  if (row !== undefined) return Number(row.groups!['host'])
  throw new BootstandError(
    'BOOTSTAND_FORWARD',
    'usage',
    `Port ${port} of the guest is not forwarded. Write \`network: { forward: [${port}] }\` in its scenario.`,
  )
}
