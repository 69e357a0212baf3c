import { z } from 'zod'
import { exactObject } from '../../core/exact-object.ts'
import type { LineSettings } from './line.ts'

const address = z
  .string()
  .regex(
    /^[^\s:]+:\d{1,5}$|^\[[\da-fA-F:]+\]:\d{1,5}$/,
    'expected host:port, such as 10.0.0.7:4001',
  )
const words = z.string().min(1)
const url = z
  .string()
  .regex(/^https?:\/\/\S+$/, 'expected a URL that begins with http:// or https://')
const milliseconds = z.int().min(0).max(600_000)

/** Exactly one of some options says of what kind a thing is. */
const oneOf =
  (names: readonly string[]) =>
  (it: object): boolean =>
    names.filter((name) => name in it).length === 1

const lineKinds = ['serial', 'tcp', 'rfc2217', 'command'] as const

/** One serial port of a board, as this machine reaches it. */
const line = exactObject({
  serial: words.optional(),
  tcp: address.optional(),
  rfc2217: address.optional(),
  command: words.optional(),
  speed: z.int().min(50).max(4_000_000).default(115_200),
  dataBits: z.union([z.literal(5), z.literal(6), z.literal(7), z.literal(8)]).default(8),
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
  flow: z.enum(['none', 'rtscts', 'xonxoff']).default('none'),
  pace: milliseconds.default(0),
}).refine(oneOf(lineKinds), `expected one of ${lineKinds.join(', ')}`)

const commands = exactObject({
  on: words.optional(),
  off: words.optional(),
  reset: words.optional(),
}).refine(isPower, 'expected `on` and `off`, or `reset`')

const calls = exactObject({
  on: url.optional(),
  off: url.optional(),
  reset: url.optional(),
  method: z.enum(['GET', 'POST', 'PUT']).default('GET'),
}).refine(isPower, 'expected `on` and `off`, or `reset`')

const control = exactObject({
  line: z.enum(['dtr', 'rts']),
  as: z.enum(['switch', 'button']),
  inverted: z.boolean().default(false),
  held: milliseconds.default(500),
})

const powerKinds = ['command', 'http', 'control', 'ask'] as const

const power = exactObject({
  command: commands.optional(),
  http: calls.optional(),
  control: control.optional(),
  ask: z.literal(true).optional(),
  rest: milliseconds.default(2_000),
}).refine(oneOf(powerKinds), `expected one of ${powerKinds.join(', ')}`)

const mediumKinds = ['tftp', 'copy', 'resident'] as const

const medium = exactObject({
  tftp: words.optional(),
  copy: words.optional(),
  resident: z.literal(true).optional(),
  method: z.enum(['iso', 'floppy', 'disk']).default('disk'),
}).refine(oneOf(mediumKinds), `expected one of ${mediumKinds.join(', ')}`)

const board = exactObject({
  kind: words.optional(),
  lines: z.array(line).min(1, 'expected COM1 at least').max(4, 'a PC has COM1 to COM4'),
  power,
  medium,
  memory: z.int().min(1).optional(),
  processors: z.int().min(1).optional(),
  banner: z.string().refine(isPattern, 'expected a regular expression').optional(),
  health: words.optional(),
})

/** What `boards.yaml` holds. */
export const boardsSchema = exactObject({
  boards: z
    .record(z.string().regex(/^[\w.-]+$/, 'expected a name of letters, digits, ., - and _'), board)
    .refine((it) => Object.keys(it).length > 0, 'expected one board at least'),
})

export type LineDescription = z.infer<typeof line> & LineSettings
export type PowerDescription = z.infer<typeof power>

/** One real machine on a serial line: plain data, checked. */
export interface Board extends z.infer<typeof board> {
  readonly name: string
  /** Boards of one kind are a pool; a board of which none is said is one by itself. */
  readonly kind: string
  /** Where its commands run, and what paths are relative to: the folder of the file that describes it. */
  readonly directory: string
}

function isPower(it: { on?: unknown; off?: unknown; reset?: unknown }): boolean {
  const switches = it.on !== undefined && it.off !== undefined
  return switches !== (it.reset !== undefined) && (it.on === undefined) === (it.off === undefined)
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp
  } catch {
    return false
  }
}

/** For people: `/dev/ttyUSB0 at 115200 baud`. */
export const describeLine = ({ serial, tcp, rfc2217, command, speed }: LineDescription): string => {
  if (serial !== undefined) return `${serial} at ${speed} baud`
  if (tcp !== undefined) return `tcp ${tcp}`
  if (rfc2217 !== undefined) return `RFC 2217 ${rfc2217} at ${speed} baud`
  return `\`${command}\``
}
