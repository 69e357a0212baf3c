import { formatSize } from '../core/text.ts'
import { runToolForStatus } from '../host/run-tool.ts'
import { needsOf, satisfier } from './needs.ts'
import { openRamdisk, type Ramdisk } from './open-ramdisk.ts'
import { findEntry, realPath, type RamdiskEntry } from './tree.ts'

/** What a ramdisk is checked against, as far as it is known. */
export interface RamdiskMachine {
  /** `ramdisk_size=` of the kernel's command line, or its CONFIG_BLK_DEV_RAM_SIZE: KiB. */
  readonly ramdiskSize?: number
  /** MiB. */
  readonly memory?: number
}

/** What a ramdisk is, and what would go wrong with it. */
export interface RamdiskReport {
  readonly format: 'ext2' | 'cpio'
  readonly isZipped: boolean
  /** Bytes of the file. */
  readonly storedSize: number
  /** Bytes when unzipped. */
  readonly size: number
  /** Only of ext2. Sizes in bytes. */
  readonly fileSystem?: {
    readonly free: number
    readonly inodes: number
    readonly freeInodes: number
    readonly inodeSize: number
    /** What e2fsck counts. */
    readonly e2fsck: string
  }
  /** What Linux starts first, if it is there. */
  readonly init?: string
  /** KiB that `ramdisk_size=` must be at least; an archive needs none. */
  readonly ramdiskSize?: number
  /** Sentences; none when the ramdisk is as it should be. */
  readonly problems: readonly string[]
}

/** Where Linux looks for its first program: init/main.c, and for an initramfs only the first. */
const inits = {
  ext2: ['/sbin/init', '/etc/init', '/bin/init', '/bin/sh'],
  cpio: ['/init'],
} as const

/** Says what a ramdisk is, and what keeps Linux from starting with it. */
export const checkRamdisk = async (
  file: string,
  machine: RamdiskMachine = {},
): Promise<RamdiskReport> => {
  await using ramdisk = await openRamdisk(file)
  const { fileSystem, isZipped, storedSize, size, tree } = ramdisk
  const format = fileSystem === undefined ? 'cpio' : 'ext2'
  const init = inits[format].find((it) => findEntry(tree, it)?.type === 'file')
  const base = {
    format,
    isZipped,
    storedSize,
    size,
    ...(init !== undefined && { init }),
  } as const
  const inside = [
    ...(init === undefined ? [noInit(format)] : await initProblems(ramdisk, init)),
    ...consoleProblems(ramdisk),
  ]
  if (fileSystem === undefined) return { ...base, problems: [...inside, ...tooMuch(size, machine)] }
  const { status, output } = await runToolForStatus('e2fsck', ['-f', '-n', fileSystem.image], {
    cwd: '/',
    timeout: longestCheck,
  })
  const said = output.replaceAll(fileSystem.image, file)
  const { blockSize, freeBlocks, inodes, freeInodes, inodeSize } = fileSystem
  const ramdiskSize = Math.ceil(size / 1024)
  return {
    ...base,
    fileSystem: {
      ...{ free: freeBlocks * blockSize, inodes, freeInodes, inodeSize },
      e2fsck: /^.*: \d+\/\d+ files .*$/m.exec(said)?.[0] ?? said.trim(),
    },
    ramdiskSize,
    problems: [
      ...(status === 0 ? [] : [`e2fsck finds errors:\n${errorsOf(said)}`]),
      ...inside,
      ...sizeProblems(ramdiskSize, machine),
    ],
  }
}

/** Milliseconds. A damaged file system may take e2fsck for ever. */
const longestCheck = 30_000

/** What e2fsck says beside its passes and counts. */
const errorsOf = (output: string): string =>
  output
    .split('\n')
    .filter(
      (it) => it.trim() !== '' && !/^(?:Pass \d|e2fsck \d|Fix\?|\S+: \d+\/\d+ files)/.test(it),
    )
    .slice(0, 5)
    .map((it) => `  ${it.trim()}`)
    .join('\n')

const noInit = (format: 'ext2' | 'cpio'): string =>
  format === 'ext2'
    ? `Expected a program at ${inits.ext2.join(', ')}; found none. Linux panics: "No init found."`
    : 'Expected a program at /init, found none. Linux does not use the archive as its root, and looks for root= in its place.'

/** Whatever a program needs, and what that needs in turn. */
const initProblems = async ({ tree, read }: Ramdisk, init: string): Promise<string[]> => {
  const first = findEntry(tree, init)!
  const problems =
    (first.mode & 0o111) === 0
      ? [`${init} is not executable (mode ${first.mode.toString(8)}).`]
      : []
  const left: RamdiskEntry[] = [first]
  const seen = new Set(left)
  for (let program = left.shift(); program !== undefined; program = left.shift()) {
    for (const need of needsOf(read(program))) {
      const found = await satisfier(need, tree, read)
      if (found === undefined) {
        problems.push(
          `${init} cannot start: /${program.path} needs ${need.name}, which is not there.`,
        )
      } else if (!seen.has(found)) {
        seen.add(found)
        left.push(found)
      }
    }
  }
  return problems
}

const consoleProblems = ({ tree, fileSystem }: Ramdisk): string[] => {
  const path = realPath(tree, '/dev/console')
  const entry = tree.get(path ?? '')
  if (path === '' || entry === undefined) {
    // Linux's own initramfs has one, behind which an archive is unpacked (usr/default_cpio_list).
    if (fileSystem === undefined) return []
    return [
      'Expected /dev/console, found nothing. Linux says "Warning: unable to open an initial console", and nothing that init prints is seen.',
    ]
  }
  if (entry.type === 'char' && entry.major === 5 && entry.minor === 1) return []
  const found =
    entry.type === 'char' || entry.type === 'block'
      ? `the ${entry.type} device ${entry.major},${entry.minor}`
      : `a ${entry.type}`
  return [`Expected the char device 5,1 at /dev/console, found ${found}.`]
}

/** How many ramdisks Linux 2.4 may have room for, by L4Ka's notes on L4Linux-2.4. */
const ramdisks = 4

const sizeProblems = (needed: number, { ramdiskSize, memory }: RamdiskMachine): string[] => {
  const each = ramdiskSize ?? needed
  return [
    ...(needed > each
      ? [
          `Expected ramdisk_size=${needed} or more, found ${each}. Linux says "RAMDISK: image too big!" and panics.`,
        ]
      : []),
    ...(memory !== undefined && each * ramdisks > memory * 1024
      ? [
          `${ramdisks} ramdisks of ${each} KiB take ${each * ramdisks} KiB, and the machine has ${memory * 1024}. Linux 2.4 may give memory to ${ramdisks}: set NUM_RAMDISKS to 1 in drivers/block/rd.c, or make it smaller.`,
        ]
      : []),
  ]
}

/** An archive's files take at least as much as it does unzipped. */
const tooMuch = (size: number, { memory }: RamdiskMachine): string[] =>
  memory !== undefined && size > memory * 1024 ** 2
    ? [
        `The archive has ${formatSize(size)} when unzipped, and the machine ${memory} MiB of memory.`,
      ]
    : []
