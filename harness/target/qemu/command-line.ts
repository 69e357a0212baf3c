import { printable } from '../../core/printable.ts'
import {
  architectures,
  type Architecture,
  type MachineOptions,
  type NetworkOptions,
  type Profile,
} from '../target.ts'

/** The program that emulates a machine. */
export const emulatorOf = ({
  architecture = 'i386',
}: Pick<MachineOptions, 'architecture'>): `qemu-system-${Architecture}` =>
  `qemu-system-${architecture}`

/** What a program emulates. */
export const architectureOf = (emulator: string | undefined): Architecture =>
  architectures.find((it) => emulator === emulatorOf({ architecture: it })) ?? 'i386'

/** The machine itself, however it is watched and whatever it boots. */
export const machineArguments = ({
  memory,
  processors = 1,
  cpu,
  network,
}: MachineOptions): string[] => [
  // Only what is named is there; a VGA, since kernels may look for one.
  ...['-nodefaults', '-no-user-config', '-vga', 'std', '-display', 'none'],
  ...['-accel', 'tcg', '-m', String(memory)],
  ...(processors === 1 ? [] : ['-smp', String(processors)]),
  ...(cpu === undefined ? [] : ['-cpu', cpu]),
  // By it a guest can report a panic.
  ...['-device', 'pvpanic'],
  ...(network === undefined ? [] : networkArguments(network)),
]

/** Port 0 is any that is free: QEMU's monitor tells which. The card is not booted from. */
const networkArguments = ({ forward = [] }: NetworkOptions): string[] => {
  const forwards = forward.map((port) => `,hostfwd=tcp:127.0.0.1:0-:${port}`)
  return [
    ...['-netdev', `user,id=lan,restrict=on${forwards.join('')}`],
    ...['-device', 'virtio-net-pci,netdev=lan,romfile='],
  ]
}

/** Of the guest's clock, as a power of two: 64 makes a boot about as fast as by the host's clock. */
const instructionShift = 6

/** What an instruction takes by the guest's clock, and a tick of its time stamp counter is a nanosecond. */
export const nanosecondsPerInstruction = 2 ** instructionShift

/** QEMU's account of what came from outside of the guest, in the run's folder. */
export const recordingName = 'recording'

/** The guest's clocks are those of its instructions. */
const instructionClock = (more: string): string[] => [
  ...['-icount', `shift=${instructionShift}${more}`],
  ...['-rtc', 'base=2020-01-01,clock=vm'],
]

/** By profile; `replay` runs a recording again. */
export const profileArguments: Readonly<Record<Profile | 'replay', readonly string[]>> = {
  fast: [],
  deterministic: instructionClock(',sleep=off'),
  record: instructionClock(`,rr=record,rrfile=../${recordingName}`),
  replay: instructionClock(`,rr=replay,rrfile=../${recordingName}`),
}

/** QEMU's devices for the drives that a boot medium is, by how its option ends. */
const drives: readonly { readonly end: string; readonly device: string; readonly also?: string }[] =
  [
    { end: ',media=cdrom,readonly=on', device: 'ide-cd,bus=ide.1', also: ',readonly=on' },
    { end: ',if=ide', device: 'ide-hd,bus=ide.0' },
    { end: ',if=virtio', device: 'virtio-blk-pci' },
  ]

/** A medium's arguments for a recording, in which it is written down when a drive answers. (QEMU, docs/system/replay.rst.) */
export const recordedMedium = (words: readonly string[]): string[] =>
  words.flatMap((word) => {
    const drive = drives.find(({ end }) => word.endsWith(end))
    if (drive === undefined) return [word]
    const { end, device, also = '' } = drive
    return [
      `${word.slice(0, -end.length)},if=none,id=medium${also}`,
      ...['-drive', `driver=blkreplay,if=none,image=medium,id=recorded${also}`],
      ...['-device', `${device},drive=recorded`],
    ]
  })

/** Names of the files by which a run is watched, in its folder. */
export const watchFiles = {
  monitor: 'qmp.sock',
  log: 'qemu.log',
  gdb: 'gdb.sock',
  executed: 'executed.fifo',
} as const

/** QEMU's gdb stub, which the harness listens for. `gdb` is the name that the monitor gives to what it makes for gdb. */
export const gdbArguments: readonly string[] = [
  ...['-chardev', `socket,id=stub,path=../${watchFiles.gdb}`],
  ...['-gdb', 'chardev:stub'],
]

/** The roles of the ports that a guest prints to. */
export interface PortRoles {
  /** COM1's first; at most four. */
  readonly serial: readonly string[]
  /** Of port 0xe9, which takes a byte at a time and is never busy. */
  readonly debug?: string | undefined
}

/** All ports that a guest prints to. */
export const rolesOf = ({ serial, debug }: PortRoles): string[] => [
  ...serial,
  ...(debug === undefined ? [] : [debug]),
]

/** Addresses, the end not included. */
export interface AddressRange {
  readonly low: number
  readonly high: number
}

/**
 * How a run watches its machine. Paths are relative to a folder inside the run's.
 *
 * Each serial port writes to a regular file and reads from a FIFO: no reader can hold the guest up.
 *
 * @param options.code Where code lies that is logged when the guest first comes to it.
 * @param options.goesOn Whether the files hold already what was printed before a checkpoint: QEMU appends only to
 *   the log of a port.
 */
export const watchArguments = (
  { serial, debug }: PortRoles,
  {
    code = [],
    goesOn = false,
  }: { code?: readonly AddressRange[] | undefined; goesOn?: boolean } = {},
): string[] => [
  // The processor waits until everything listens.
  '-S',
  // A machine that resets or powers off stays there to be asked why.
  ...['-action', 'panic=pause,reboot=shutdown,shutdown=pause'],
  ...['-chardev', `socket,id=monitor,path=../${watchFiles.monitor}`],
  ...['-mon', 'chardev=monitor,mode=control'],
  // Tells a triple fault from a reset; QMP reports both alike.
  ...['-d', code.length === 0 ? 'cpu_reset' : 'cpu_reset,in_asm', '-D', `../${watchFiles.log}`],
  ...(code.length === 0 ? [] : ['-dfilter', code.map(addressRange).join(',')]),
  ...serial.flatMap((role) => [...portFiles(role, goesOn), '-serial', `chardev:${role}`]),
  ...(debug === undefined
    ? []
    : [...portFiles(debug, goesOn), '-device', `isa-debugcon,iobase=0xe9,chardev=${debug}`]),
]

/** Writes each byte that the guest writes to a device into the log, with the host's time. */
export const traceArguments: readonly string[] = [
  ...['-trace', 'memory_region_ops_write', '-msg', 'timestamp=on'],
]

const addressRange = ({ low, high }: AddressRange): string =>
  `0x${low.toString(16)}+0x${(high - low).toString(16)}`

const portFiles = (role: string, goesOn: boolean): string[] => [
  '-chardev',
  goesOn
    ? `pipe,id=${role},path=../${continuedPorts}/${role},logfile=../${role}.out,logappend=on`
    : `pipe,id=${role},path=../${role}`,
]

/** Where the FIFOs of ports lie whose files go on; what they write beside the log goes nowhere. */
export const continuedPorts = 'ports'

/** The same machine for a person: COM1 on the terminal, its other ports there but mute. */
export const interactiveArguments = ({ serial, debug }: PortRoles): string[] => [
  ...['-no-reboot', '-serial', 'mon:stdio'],
  ...serial.slice(1).flatMap(() => ['-serial', 'null']),
  // At port 0xe9, unless it is told another.
  ...(debug === undefined ? [] : ['-debugcon', 'null']),
]

/** The same clocks for a person; what was recorded is left alone. */
export const interactiveProfile: Readonly<Record<Profile, readonly string[]>> = {
  ...profileArguments,
  record: instructionClock(''),
}

/**
 * A command line that a POSIX shell takes as it is meant. A control character would act on the terminal into which it is
 * pasted, so it becomes visible, and the line does less than it should.
 */
export const shellLine = (words: readonly string[]): string =>
  words
    .map(oneLine)
    .map((word) =>
      /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`,
    )
    .join(' ')

const oneLine = (word: string): string =>
  printable(word).replaceAll('\t', '\u2409').replaceAll('\n', '\u240a')
