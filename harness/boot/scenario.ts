import { prettifyError, z, type ZodType } from 'zod'
import type { BootSet, MenuSet } from '../bootset/boot-set.ts'
import { BootstandError } from '../core/errors.ts'
import type { Guests } from '../guests/guests.ts'
import type { KernelProfile } from '../kernel/profile.ts'
import type { MachineOptions } from '../target/target.ts'

/** What a scenario calls the ports that its guest prints to. Each is a console of the target. */
export interface ConsoleRoles<Role extends string = string> {
  /** Serial ports, COM1's first; at most four. The first one is the kernel's own. */
  readonly serial: readonly Role[]
  /** Port 0xe9, where emulators take what a guest prints without a UART. */
  readonly debug?: Role | undefined
}

/**
 * What to boot and on what. Plain data: making one opens nothing.
 *
 * @typeParam Role The consoles that a target of this scenario has.
 */
export interface Scenario<Role extends string = string> {
  readonly title: string
  /** Files that a menu is written for, or a menu that is booted as it is. */
  readonly bootSet: BootSet | MenuSet
  /** Where its files come from when nobody names a directory; the stand-ins otherwise. */
  readonly guests?: Guests | undefined
  readonly profile: KernelProfile
  readonly machine: MachineOptions
  readonly consoles: ConsoleRoles<Role>
  /** Whether the debugger is asked and left again when a program enters it. */
  readonly resumes?: boolean
  /** Baud rate of the serial ports. */
  readonly speed: number
}

const roleName = z
  .string()
  .regex(/^[A-Za-z][\w-]*$/, 'expected a name of letters, digits, - and _, such as ttyS1')
  .refine((it) => !taken.has(it), 'every target has something else of that name; choose another')

/** What every target has besides its consoles, and what lies in its run folder. */
const taken = new Set([
  ...[
    'checkpoint',
    'consoles',
    'debugger',
    'ended',
    'files',
    'forwarded',
    'gdb',
    'monitor',
    'qemu',
    'qmp',
    'restore',
    'runFolder',
    'stop',
    'vga',
  ],
  ...['waitForAll', 'waitForAny'],
])

const serialRoles = z
  .array(roleName)
  .min(1, 'expected the name of COM1 at least')
  .max(4, 'a PC has COM1 to COM4')
  .refine((names) => new Set(names).size === names.length, 'expected different names')

const consoleOptions = {
  consoles: serialRoles.optional(),
  debugPort: roleName.optional(),
} as const

/** Arguments of a file that is booted. */
export const commandLine = z.string().regex(/^[^\n]*$/, 'expected one line')

/** Of a file that is booted: GRUB and QEMU end its name at the first blank. */
export const fileName = z
  .string()
  .regex(/^[^\s/]+$/, 'expected the name of a file, without blanks or slashes')

/** What every maker of scenarios takes besides its own. */
export interface UsualOptions<Role extends string> {
  /** Mebibytes of memory; 64 by default, 256 of `linux`. */
  readonly memory?: number
  /** How many processors the machine has, 1 to 255; 1 by default. */
  readonly processors?: number | undefined
  /** QEMU's name of a processor model. Pistachio of 2014 needs more than a 486. */
  readonly cpu?: string | undefined
  /** The menu entry's title, which is the scenario's. */
  readonly title?: string
  /** Names of the serial ports, COM1's first: `['herc', 'ttyS1']`. A kernel's debugger is on COM1. */
  readonly consoles?: readonly Role[] | undefined
  /** Name of port 0xe9, if the guest prints there. */
  readonly debugPort?: Role | undefined
}

/** Mebibytes of memory, where nobody says it. */
export const usualMemory = 64

/** What QEMU's PC takes: of memory in MiB, below 4 GiB. */
export const mostMemory = 3584
export const mostProcessors = 255

const processorCount = z.custom<number>(
  (it) => typeof it === 'number' && Number.isInteger(it) && it >= 1 && it <= mostProcessors,
  {
    error: ({ input }) =>
      `expected a whole number of processors, 1 to ${mostProcessors}; found ${JSON.stringify(input)}`,
  },
)

/** Checks them; `memory` is the default one. */
export const usualOptions = (memory: number) => ({
  memory: z.int().min(1).max(mostMemory).default(memory),
  processors: processorCount.optional(),
  cpu: z.string().min(1).optional(),
  title: z.string().min(1).optional(),
  ...consoleOptions,
})

/**
 * The consoles that options name.
 *
 * @throws {BootstandError} as `checkOptions` does.
 */
export const consoleRoles = <Role extends string>(
  maker: string,
  { consoles, debugPort }: Pick<UsualOptions<Role>, 'consoles' | 'debugPort'>,
  usual: readonly Role[],
): ConsoleRoles<Role> => {
  const names = { consoles, debugPort }
  checkOptions(maker, z.object(consoleOptions), names)
  return { serial: consoles ?? usual, debug: debugPort }
}

/** Whether an unknown value, such as what a file exports, is a scenario. */
export const isScenario = (value: unknown): value is Scenario =>
  typeof value === 'object' && value !== null && 'bootSet' in value && 'profile' in value

/**
 * Checks the options of a scenario as they come from a user's file.
 *
 * @throws {BootstandError} that says what was expected and found, for each option.
 */
export const checkOptions = <T>(maker: string, schema: ZodType<T>, options: unknown): T => {
  const result = schema.safeParse(options)
  if (result.success) return result.data
  throw new BootstandError(
    'BOOTSTAND_SCENARIO',
    'usage',
    `${maker}(…) was given options that it cannot take:\n${prettifyError(result.error)}`,
  )
}
