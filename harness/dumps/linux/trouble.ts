import { hexIf, numberIf, type Hex } from '../hex.ts'
import { match } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** What Linux says on its way to a failure, or beside one. */
export interface LinuxTrouble extends Told {
  readonly system: 'linux'
  readonly kind: 'trouble'
  readonly trouble:
    | 'no-root-device'
    | 'no-initial-console'
    | 'ramdisk-too-big'
    | 'init-not-executable'
    | 'initramfs-damaged'
    | 'program-fault'
    | 'module-damaged'
    | 'module-symbol'
  /** The device, the program or the module. */
  readonly subject: string | undefined
  /** Major and minor number, as printed: `03:01`, `unknown-block(0,0)`. */
  readonly device: string | undefined
  /** Linux' number of an error, negative. */
  readonly error: number | undefined
  readonly errorCode: Hex | undefined
  readonly reason: string | undefined
  readonly ip: Hex | undefined
  readonly address: Hex | undefined
}

interface Form {
  readonly trouble: LinuxTrouble['trouble']
  readonly pattern: RegExp
  readonly says: (groups: Partial<Record<string, string>>) => string
}

const forms: readonly Form[] = [
  {
    trouble: 'no-root-device',
    pattern:
      /^VFS: Cannot open root device "(?<subject>[^"]{1,100})" or (?<device>[0-9a-f]{2}:[0-9a-f]{2}|unknown-block\(\d+,\d+\))(?:: error (?<error>-\d+))?$/,
    says: ({ subject, device }) => `Linux finds no device "${subject}" (${device}) for its root`,
  },
  {
    trouble: 'no-initial-console',
    pattern: /^Warning: unable to open an initial console\.$/,
    says: () =>
      'Linux has no console for its first program, whose output is lost: /dev/console is missing, or console= names no device',
  },
  {
    trouble: 'ramdisk-too-big',
    pattern: /^RAMDISK: image too big! \((?<reason>[^)]{1,60})\)$/,
    says: ({ reason }) => `the image is larger than the ramdisk (${reason}); ramdisk_size= sets it`,
  },
  {
    trouble: 'init-not-executable',
    pattern: /^Failed to execute (?<subject>\S{1,100}) \(error (?<error>-\d+)\)\.?/,
    says: ({ subject, error }) => `Linux cannot start ${subject} (error ${error})`,
  },
  {
    trouble: 'initramfs-damaged',
    pattern: /^Initramfs unpacking failed: (?<reason>\S.{0,100})$/,
    says: ({ reason }) => `the initial ramdisk cannot be unpacked: ${reason}`,
  },
  {
    trouble: 'program-fault',
    pattern:
      /^(?<subject>\S{1,16}\[\d{1,8}\]): segfault at (?<address>[0-9a-f]{1,16}) ip (?<ip>[0-9a-f]{8,16}) sp [0-9a-f]{8,16} error (?<code>[0-9a-f]{1,4})/,
    says: ({ subject, address, ip }) =>
      `segmentation fault of ${subject} at address ${address} by the instruction at ${ip}`,
  },
  {
    trouble: 'module-symbol',
    pattern: /^(?<subject>\w{1,60}): Unknown symbol (?<reason>\w{1,120}) \(err (?<error>-\d+)\)$/,
    says: ({ subject, reason }) =>
      `module ${subject} needs ${reason}, which no loaded module and not the kernel has`,
  },
  {
    trouble: 'module-damaged',
    pattern: /^(?<reason>Invalid ELF (?:section header overflow|header len \d+))$/,
    says: ({ reason }) => `a module is no whole ELF file: ${reason}`,
  },
]

export const readLinuxTrouble: DumpReader<LinuxTrouble> = (lines, at) => {
  const text = lines[at]?.text.trimEnd()
  for (const { trouble, pattern, says } of forms) {
    const found = match<string>(pattern, text)
    if (found === undefined && !pattern.test(text ?? '')) continue
    const groups: Partial<Record<string, string>> = found ?? {}
    const { subject, device, reason, ip, address } = groups
    return {
      dump: {
        system: 'linux',
        kind: 'trouble',
        // Others end in a panic of their own or go on; here nothing more is heard.
        stop: trouble === 'no-initial-console',
        summary: says(groups),
        trouble,
        subject,
        device: device === '' ? undefined : device,
        error: numberIf(groups['error']),
        errorCode: hexIf(groups['code']),
        reason,
        ip: hexIf(ip),
        address: hexIf(address),
      },
      end: at + 1,
    }
  }
  return undefined
}
