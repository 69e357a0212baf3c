import net, { type AddressInfo } from 'node:net'
import { SerialPortMock } from 'serialport'
import { afterEach, expect, test, vi } from 'vitest'
import type { LineEvents, LineSettings } from './line.ts'
import { openCommandLine } from './command-line.ts'
import { openRfc2217Line } from './rfc2217-line.ts'
import { openSerialLine, type SerialPortMaker } from './serial-line.ts'
import { openTcpLine } from './tcp-line.ts'
import { escapeTelnet, TelnetReader, telnetSub, telnetWord, type TelnetWord } from './telnet.ts'

const settings: LineSettings = {
  ...{ speed: 115_200, dataBits: 8, parity: 'even', stopBits: 1, flow: 'none' },
}

/** Notes what a line tells. */
const listener = () => {
  const told: string[] = []
  const events: LineEvents = {
    onBytes: (bytes) => told.push(bytes.toString('latin1')),
    onLost: (reason) => told.push(`lost: ${reason}`),
    onTrouble: (trouble) => told.push(`trouble: ${trouble}`),
  }
  return { told, events, text: () => told.join('') }
}

const servers: net.Server[] = []
afterEach(() => {
  for (const server of servers) server.close()
  servers.length = 0
  SerialPortMock.binding.reset()
})

/** A server on this machine. Gives its address. */
const serve = async (talk: (socket: net.Socket) => void): Promise<string> => {
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    talk(socket)
  })
  servers.push(server)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a telnet stream is read the same wherever it is cut', () => {
  const stream = Buffer.concat([
    Buffer.from('a\xff\xffb', 'latin1'),
    telnetWord('do', 44),
    telnetSub(44, [101, 0, 255, 194, 0]),
    Buffer.from('c'),
  ])
  const read = (cut: number) => {
    const words: TelnetWord[] = []
    let text = ''
    const reader = new TelnetReader(
      (bytes) => (text += bytes.toString('latin1')),
      (word) => words.push(word),
    )
    reader.read(stream.subarray(0, cut))
    reader.read(stream.subarray(cut))
    return { text, words }
  }
  const wanted = read(stream.length)
  expect(wanted).toEqual({
    text: 'a\xffbc',
    words: [
      { verb: 'do', option: 44 },
      { verb: 'sub', option: 44, bytes: Buffer.from([101, 0, 255, 194, 0]) },
    ],
  })
  for (let cut = 0; cut < stream.length; cut++) expect(read(cut)).toEqual(wanted)
})

test('a terminal server of RFC 2217 sets its port, sends breaks and tells of framing errors', async () => {
  const asked: number[][] = []
  const address = await serve((socket) => {
    const reader = new TelnetReader(
      (bytes) => socket.write(escapeTelnet(bytes)),
      (word) => {
        if (word.verb === 'will' && word.option === 44) socket.write(telnetWord('do', 44))
        if (word.verb !== 'sub') return
        const [command, ...value] = word.bytes
        asked.push([command!, ...value])
        socket.write(telnetSub(44, [command! + 100, ...value]))
        // Framing and parity error, once the mask is set.
        if (command === 10) socket.write(telnetSub(44, [106, 8 + 4]))
      },
    )
    socket.on('data', (bytes) => reader.read(bytes))
  })
  const { told, events, text } = listener()
  const line = await openRfc2217Line(address, settings, events)
  await line.write(Buffer.from('x\xffy', 'latin1'))
  await line.sendBreak()
  await line.setControl('dtr', false)
  await expect.poll(text).toContain('y')
  await line.close()
  expect(asked).toEqual([
    [1, 0, 1, 194, 0],
    [2, 8],
    [3, 3],
    [4, 1],
    [5, 1],
    [10, 30],
    [5, 5],
    [5, 6],
    [5, 9],
  ])
  expect(told).toContain('trouble: framing error')
  expect(told).toContain('trouble: parity error')
  expect(text()).toContain('x\xffy')
})

test('a terminal server that refuses a speed or RFC 2217 is refused', async () => {
  const refusing = await serve((socket) => {
    const reader = new TelnetReader(
      () => {},
      (word) => {
        if (word.verb === 'will' && word.option === 44) socket.write(telnetWord('do', 44))
        if (word.verb === 'sub') socket.write(telnetSub(44, [word.bytes[0]! + 100, 0, 0, 37, 128]))
      },
    )
    socket.on('data', (bytes) => reader.read(bytes))
  })
  const { events } = listener()
  await expect(openRfc2217Line(refusing, settings, events)).rejects.toThrow(
    `The terminal server ${refusing} did not set 115200 baud: it answered 0 0 37 128 to 0 1 194 0.`,
  )
  const deaf = await serve((socket) => void socket.write(telnetWord('dont', 44)))
  await expect(openRfc2217Line(deaf, settings, events)).rejects.toThrow(
    `${deaf} does not speak RFC 2217.`,
  )
})

test('a TCP line passes every byte, is told when it is lost, and sends no break', async () => {
  const address = await serve((socket) =>
    socket.once('data', () => socket.end('\xff\x00ok', 'latin1')),
  )
  const { told, events } = listener()
  const line = await openTcpLine(address, events)
  await expect(line.sendBreak()).rejects.toThrow('sends no break; RFC 2217 can.')
  await line.write(Buffer.from('go'))
  await expect.poll(() => told).toContain(`lost: ${address} hung up`)
  await expect(openTcpLine('127.0.0.1:1', events)).rejects.toThrow('does not answer (ECONNREFUSED)')
})

test('a command is a line', async () => {
  const { told, events, text } = listener()
  const line = await openCommandLine('echo up; cat', '/', events)
  await line.write(Buffer.from('there and back\n'))
  await expect.poll(text).toBe('up\nthere and back\n')
  await line.close()
  expect(told.some((it) => it.startsWith('lost'))).toBe(false)
  const broken = listener()
  await openCommandLine('echo no such board >&2; exit 3', '/', broken.events)
  await expect
    .poll(() => broken.told)
    .toEqual(['lost: `echo no such board >&2; exit 3` ended with status 3: no such board'])
})

test('a serial port sends breaks and switches its control lines; who holds it is asked for', async () => {
  SerialPortMock.binding.createPort('/dev/ttyMock', { echo: true })
  const set = vi.spyOn(SerialPortMock.prototype, 'set')
  const make = ((options: ConstructorParameters<typeof SerialPortMock>[0]) =>
    new SerialPortMock(options)) as unknown as SerialPortMaker
  const { events, text } = listener()
  const line = await openSerialLine('/dev/ttyMock', settings, events, make)
  await line.write(Buffer.from('echo'))
  await expect.poll(text).toContain('echo')
  await line.setControl('rts', false)
  await line.sendBreak()
  expect(set.mock.calls.map(([flags]) => flags)).toEqual([
    { dtr: true, rts: false },
    { dtr: true, rts: false, brk: true },
    { dtr: true, rts: false, brk: false },
  ])
  await expect(openSerialLine('/dev/ttyMock', settings, events, make)).rejects.toThrow(
    'Another program holds the serial port /dev/ttyMock',
  )
  await line.close()
  await expect(openSerialLine('/dev/tty-none', settings, events)).rejects.toThrow(
    'There is no serial port /dev/tty-none. Is its cable plugged in?',
  )
})
