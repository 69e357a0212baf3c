import fs from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import { execa } from 'execa'
import { globSync } from 'tinyglobby'
import { debianPackages } from '../host/debian-packages.ts'
import { packagesFolder } from '../host/paths.ts'
import { toolPath } from '../host/tools.ts'

/** Debian's terminal server and the libraries that it needs. */
const packages = [
  ...['ser2net', 'libgensio4', 'libopenipmi0', 'libpython3.11', 'libsctp1', 'libwrap0'],
] as const

/** How a terminal server passes a port on. */
export type Ser2netProtocol = 'raw' | 'rfc2217'

/** A terminal server that runs. */
export interface Ser2net extends AsyncDisposable {
  /** Where each port is reached: `127.0.0.1:4001`. */
  readonly addresses: readonly string[]
}

/**
 * Unpacks ser2net, once.
 *
 * @throws {BootstandError} when it is not to be had.
 */
export const bringSer2net = async (): Promise<string> => {
  const folder = path.join(packagesFolder, 'ser2net')
  if (fs.existsSync(folder)) return folder
  fs.mkdirSync(packagesFolder, { recursive: true })
  const own = fs.mkdtempSync(path.join(packagesFolder, 'ser2net.'))
  try {
    fs.renameSync(await debianPackages(packages, own), folder)
  } finally {
    fs.rmSync(own, { recursive: true, force: true })
  }
  return folder
}

/**
 * Passes serial ports on to TCP.
 *
 * @param devices Absolute paths; they may come and go.
 * @param folder For its configuration.
 */
export const startSer2net = async (
  devices: readonly string[],
  protocol: Ser2netProtocol,
  folder: string,
): Promise<Ser2net> => {
  const unpacked = await bringSer2net()
  const ports = await Promise.all(devices.map(freePort))
  const accepter = protocol === 'raw' ? 'tcp' : 'telnet(rfc2217),tcp'
  const connections = devices.map(
    (device, index) =>
      `connection: &com${index + 1}\n  accepter: ${accepter},127.0.0.1,${ports[index]}\n` +
      `  connector: serialdev,${device},115200N81,local\n`,
  )
  const configuration = path.join(folder, 'ser2net.yaml')
  fs.writeFileSync(configuration, `%YAML 1.1\n---\n${connections.join('')}`)
  const words = ['-n', '-u', '-c', configuration, '-P', path.join(folder, 'ser2net.pid')]
  const server = execa(
    await toolPath('setpriv'),
    ['--pdeathsig', 'KILL', '--', path.join(unpacked, 'usr/sbin/ser2net'), ...words],
    {
      ...{ stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', reject: false },
      env: libraryPaths(unpacked),
    },
  )
  return {
    addresses: ports.map((port) => `127.0.0.1:${port}`),
    [Symbol.asyncDispose]: async () => {
      server.kill('SIGKILL')
      await server
    },
  }
}

/** Where a ser2net that is not installed finds its libraries, and its kinds of ports, which are plug-ins. */
const libraryPaths = (unpacked: string): Record<string, string> => {
  const inside = { cwd: unpacked, onlyDirectories: true }
  const [libraries] = globSync('usr/lib/*-linux-*', inside)
  const [plugins] = globSync('usr/libexec/*/gensio/*', inside)
  return {
    LD_LIBRARY_PATH: path.join(unpacked, libraries!),
    GENSIO_LIBRARY_PATH: path.join(unpacked, plugins!),
  }
}

const freePort = async (): Promise<number> => {
  const server = net.createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  return port
}
