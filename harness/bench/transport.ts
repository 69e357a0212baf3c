import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { standInFolder } from '../host/stand-ins.ts'
import { emulatorCommand } from '../host/emulator-command.ts'
import { compare, printComparison } from './statistics.ts'

const rounds = 10
const megabytes = 2
const end = Buffer.from('flood done')

/** One way of bringing a serial port's bytes here. */
interface Transport {
  /** QEMU's options, paths relative to the folder. */
  readonly arguments: readonly string[]
  /** Starts to read; calls `onBytes` with what came. */
  readonly read: (
    folder: string,
    stdout: NodeJS.ReadableStream,
    onBytes: (bytes: Buffer) => void,
  ) => () => void
}

/** Follows a growing file; `arm` says when to look. */
const follow =
  (name: string, arm: (file: string, look: () => void) => () => void): Transport['read'] =>
  (folder, _stdout, onBytes) => {
    const file = path.join(folder, name)
    const descriptor = fs.openSync(file, 'r')
    const buffer = Buffer.alloc(65_536)
    let offset = 0
    const disarm = arm(file, () => {
      for (let count = 1; count > 0;) {
        count = fs.readSync(descriptor, buffer, 0, buffer.length, offset)
        offset += count
        if (count > 0) onBytes(buffer.subarray(0, count))
      }
    })
    return () => {
      disarm()
      fs.closeSync(descriptor)
    }
  }

const everyMillisecond = (_file: string, look: () => void) => {
  const timer = setInterval(look, 1)
  return () => clearInterval(timer)
}

const onEveryWrite = (file: string, look: () => void) => {
  const watcher = fs.watch(file, look)
  return () => watcher.close()
}

const socketReader: Transport['read'] = (folder, _stdout, onBytes) => {
  const server = net.createServer((socket) => socket.on('data', onBytes).on('error', () => {}))
  server.listen(path.join(folder, 's'))
  return () => server.close()
}

const pipeFiles = ['-chardev', 'pipe,id=s,path=p', '-serial', 'chardev:s']
const contenders: Readonly<Record<string, Transport>> = {
  'file, nobody follows (the limit)': {
    arguments: ['-serial', 'file:p.out'],
    read: follow('p.out', (_file, look) => {
      const timer = setInterval(look, 50)
      return () => clearInterval(timer)
    }),
  },
  'file out, FIFO in, a look every ms': {
    arguments: pipeFiles,
    read: follow('p.out', everyMillisecond),
  },
  'file out, FIFO in, inotify': { arguments: pipeFiles, read: follow('p.out', onEveryWrite) },
  'standard output': {
    arguments: ['-serial', 'stdio'],
    read: (_folder, stdout, onBytes) => {
      stdout.on('data', onBytes)
      return () => {}
    },
  },
  'socket, QEMU connects': {
    arguments: ['-chardev', 'socket,id=s,path=s', '-serial', 'chardev:s'],
    read: socketReader,
  },
  'socket and logfile': {
    arguments: ['-chardev', 'socket,id=s,path=s,logfile=log', '-serial', 'chardev:s'],
    read: socketReader,
  },
}

/** What a serial transport costs a guest that prints as fast as it can. */
export const transports = async (): Promise<void> => {
  const runs = Object.fromEntries(
    Object.entries(contenders).map(([name, transport]) => [
      name,
      async () => await flood(transport),
    ]),
  )
  printComparison(
    `${megabytes} MB from a guest that polls its UART, start of QEMU to the last byte here`,
    await compare(runs, rounds),
  )
}

/** Milliseconds until everything that rt-flood prints has come. */
const flood = async (transport: Transport): Promise<number> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-transport-'))
  fs.writeFileSync(path.join(folder, 'p.out'), '')
  execFileSync('mkfifo', [path.join(folder, 'p.in')])
  const image = (name: string) => path.join(standInFolder, name)
  const modules = `${image('ia32-kernel')},${image('sigma0')},${image('rt-flood')} bytes=${megabytes}M`
  const machine = [
    '-m',
    '64',
    '-nodefaults',
    '-display',
    'none',
    '-kernel',
    image('kickstart'),
    '-initrd',
    modules,
  ]
  const [program, ...words] = await emulatorCommand('qemu-system-i386', [
    ...machine,
    ...transport.arguments,
  ])
  try {
    let tail = Buffer.alloc(0)
    let stop = () => {}
    const started = performance.now()
    const time = await new Promise<number>((resolve) => {
      const onBytes = (bytes: Buffer) => {
        tail = Buffer.concat([tail.subarray(-end.length), bytes])
        if (tail.includes(end)) resolve(performance.now() - started)
      }
      if (transport.read === socketReader) stop = transport.read(folder, process.stdin, onBytes)
      const qemu = spawn(program, words, {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      if (transport.read !== socketReader) stop = transport.read(folder, qemu.stdout, onBytes)
      const stopReading = stop
      stop = () => {
        stopReading()
        qemu.kill('SIGKILL')
      }
    })
    stop()
    return time
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}
