import { errorOutput, output } from '../host/output.ts'
import { Command, CommanderError, Option } from 'commander'
import { BootstandError, exitStatuses, exitStatusOf, systemCode } from '../core/errors.ts'
import { packageVersion } from '../host/paths.ts'
import { bootMethods, defaultMethod, fileSystems, type BootMethod } from '../media/medium.ts'
import { architectures } from '../target/target.ts'
import { usualReach } from '../formats/execution-log.ts'
import { profiles } from '../target/target.ts'
import type {
  BaselineFlags,
  BoardConsoleFlags,
  BoardFlags,
  RunFlags,
  BootFlags,
  BuildFlags,
  CoverageFlags,
  DifferFlags,
  ExplainFlags,
  HotFlags,
  InteractiveBootFlags,
  JsonFlag,
  MinimiseFlags,
  ReplayFlags,
  ReportFlags,
  KdbFlags,
  MatrixFlags,
  RamdiskBuildFlags,
  RamdiskCheckFlags,
} from './flags.ts'
import { ramdiskFormats } from '../ramdisk/formats.ts'
import { systems } from '../lint/config/config-rule.ts'
import { onceSignalled } from './signals.ts'
import type { LintFlags } from './lint/lint.ts'

// Each verb brings its own code with it: `list` need not wait for a test runner to load.

const program = new Command('bootstand')
  .description('A test stand for kernels that boot.')
  .version(packageVersion)
  .showHelpAfterError('(`npx bootstand --help` lists the commands)')
  .configureOutput({
    writeOut: (text) => output.write(text),
    writeErr: (text) => errorOutput.write(text),
  })
  .exitOverride()

const imagesOption = () =>
  new Option('--images <dir>', 'boot the images in this directory, not the stand-ins').env(
    'BOOTSTAND_IMAGES',
  )
const methodOption = (usual: BootMethod = defaultMethod) =>
  new Option(
    '--method <method>',
    `how the files get into memory: ${bootMethods.join(', ')} (default: ${usual})`,
  ).env('BOOTSTAND_METHOD')
const profileOption = () =>
  new Option(
    '--profile <profile>',
    `by which clock the machine runs: ${profiles.join(', ')} (default: fast)`,
  ).env('BOOTSTAND_PROFILE')
const boardOption = () =>
  new Option('--board <name>', 'boot on this board, or a free one of this kind, not in QEMU').env(
    'BOOTSTAND_BOARD',
  )
const boardsOption = () =>
  new Option(
    '--boards <file>',
    'the file that describes the boards (default: boards.yaml beside scenarios/)',
  ).env('BOOTSTAND_BOARDS')
const rootsOption = () =>
  new Option(
    '--root <dir>',
    "where the menu's files lie; `hd0,1=<dir>` says it of one device, and may be repeated",
  ).argParser((root: string, before: readonly string[] | undefined) => [...(before ?? []), root])
const runImagesOption = () =>
  new Option(
    '--images <dir>',
    'a directory with the files that the run booted, if it has no copies',
  )
const jsonOption = () => new Option('--json', 'print one JSON document')

program
  .command('run')
  .description('run scenarios and their tests; all of them when none is named')
  .argument('[scenario...]')
  .addOption(imagesOption())
  .addOption(methodOption())
  .addOption(profileOption())
  .option(
    '--record',
    'record each boot, for `replay`: --profile record, by --method direct unless one is given',
  )
  .option('--no-record-failures', 'do not run failed tests again to record them')
  .addOption(boardOption())
  .addOption(boardsOption())
  .option('--retries <number>', 'how often a test is tried again when its host fails', '1')
  .option('--allow-flaky', 'exit with 0 when tests passed, but not at once')
  .option('--compare [run]', 'show what the phases took in this run too; else in the last good one')
  .addOption(jsonOption())
  .action(async (names: string[], flags: RunFlags) => (await import('./run.ts')).run(names, flags))

program
  .command('boot')
  .description(
    'boot a scenario, a menu or a finished disk with its console on this terminal; Ctrl-] leaves',
  )
  .argument('[scenario]')
  .addOption(imagesOption())
  .addOption(methodOption())
  .addOption(boardOption())
  .addOption(boardsOption())
  .option('--disk <file>', 'boot this disk, floppy or ISO image, which is never written')
  .option('--menu <file>', 'boot this menu.lst as it is')
  .option('--root <dir>', 'with --menu: the directory of its files')
  .option('--entry <title>', 'with --menu: the entry to boot at once')
  .option('--allow-missing', 'with --menu: boot although files that the entry loads are missing')
  .option('--exact-order', 'note when the guest wrote each byte, for `timeline`')
  .option('--memory <MiB>', 'memory for --disk or --menu (default: 64)')
  .option('--processors <number>', 'processors for --disk or --menu (default: 1)')
  .option('--cpu <model>', "QEMU's processor model for --menu")
  .addOption(
    new Option(
      '--architecture <name>',
      'what the processors are for --menu (default: i386)',
    ).choices(architectures),
  )
  .option('--ports <number>', 'serial ports for --disk or --menu (default: 1)')
  .action(async (name: string | undefined, flags: InteractiveBootFlags) =>
    (await import('./boot.ts')).bootInteractively(name, flags),
  )

program
  .command('kdb')
  .description("boot a scenario, stop it in its kernel's debugger, and ask that in words")
  .argument('<scenario>')
  .addOption(imagesOption())
  .addOption(methodOption())
  .option('--after <text>', 'break in when the guest prints this, not when it has booted')
  .option('--json', 'print each answer as a JSON line')
  .action(async (name: string, flags: KdbFlags) => (await import('./kdb/kdb.ts')).kdb(name, flags))

program
  .command('build')
  .description('write a boot medium to a file, for use elsewhere')
  .argument('<scenario>')
  .addOption(imagesOption())
  .option('--medium <medium>', 'iso, floppy or disk', 'iso')
  .option('--fs <fs>', `what a disk is formatted with: ${fileSystems.join(' or ')} (default: ext2)`)
  .option('--waits', 'let GRUB wait at its menu until somebody picks the entry')
  .requiredOption('-o, --output <file>', 'where to write it')
  .addOption(jsonOption())
  .action(async (name: string, flags: BuildFlags) =>
    (await import('./build.ts')).build(name, flags),
  )

const ramdisk = program
  .command('ramdisk')
  .description('build ramdisks and initramfs archives for Linux, and look into them')

ramdisk
  .command('build')
  .description('build one from directories and manifests, without root')
  .argument('<source...>', 'a directory, or a manifest (mtree(5))')
  .option('--format <format>', ramdiskFormats.join(' or '), 'ext2')
  .option('--size <size>', 'size of an ext2 file system, such as 8M or 5110K')
  .option('--margin <percent>', 'without --size: what is left free (default: 10%)')
  .option('--gzip', 'zip it')
  .option('--libraries', 'add the libraries that its programs need')
  .option('--sysroot <dir>', 'where --libraries looks for them (default: /)')
  .requiredOption('-o, --output <file>', 'where to write it')
  .addOption(jsonOption())
  .action(async (sources: string[], flags: RamdiskBuildFlags) =>
    (await import('./ramdisk/build.ts')).ramdiskBuild(sources, flags),
  )

ramdisk
  .command('ls')
  .description('list the files of a ramdisk: ext2 or cpio, zipped or not')
  .argument('<file>')
  .addOption(jsonOption())
  .action(async (file: string, flags: JsonFlag) =>
    (await import('./ramdisk/look.ts')).ramdiskList(file, flags),
  )

ramdisk
  .command('cat')
  .description("write a file's bytes to standard output; symbolic links are followed")
  .argument('<file>')
  .argument('<path>', 'inside of the ramdisk')
  .action(async (file: string, path: string) =>
    (await import('./ramdisk/look.ts')).ramdiskCat(file, path),
  )

ramdisk
  .command('check')
  .description(
    'tell what keeps Linux from starting with a ramdisk, and the ramdisk_size= that it needs',
  )
  .argument('<file>')
  .option('--ramdisk-size <KiB>', "the kernel's ramdisk_size=")
  .option('--memory <MiB>', 'memory of the machine')
  .addOption(jsonOption())
  .action(async (file: string, flags: RamdiskCheckFlags) =>
    (await import('./ramdisk/check.ts')).ramdiskCheck(file, flags),
  )

program
  .command('differ')
  .description('boot a scenario by every method and show where their outcomes part')
  .argument('<scenario>')
  .addOption(imagesOption())
  .option('--quiet <ms>', 'silence after which a boot has come to its end (default: 5000)')
  .addOption(jsonOption())
  .action(async (name: string, flags: DifferFlags) =>
    (await import('./differ.ts')).differ(name, flags),
  )

program
  .command('matrix')
  .description('boot command lines on several systems and show what appeared on which console')
  .argument('<matrix>', 'the name of a file *.matrix.ts below scenarios/')
  .addOption(imagesOption())
  .addOption(methodOption())
  .option('--system <name...>', 'boot only these of its systems')
  .addOption(jsonOption())
  .action(async (name: string, flags: MatrixFlags) =>
    (await import('./matrix.ts')).showMatrix(name, flags),
  )

const baseline = program
  .command('baseline')
  .description('hold what a scenario measures, in instructions, against earlier numbers')
const baselineVerb = (verb: string, description: string) =>
  baseline
    .command(verb)
    .description(description)
    .argument('<scenario>')
    .addOption(imagesOption())
    .addOption(methodOption('direct'))
    .option('-o, --output <file>', "the baseline's file (default: NAME.baseline.json beside it)")
    .addOption(jsonOption())
baselineVerb('save', 'measure, and keep the numbers and the functions executed').action(
  async (name: string, flags: BaselineFlags) =>
    (await import('./baseline.ts')).saveBaseline(name, flags),
)
baselineVerb(
  'check',
  'measure again; exits with 1 when a number has changed, and names the functions',
).action(async (name: string, flags: BaselineFlags) =>
  (await import('./baseline.ts')).checkBaseline(name, flags),
)
baselineVerb('show', 'show what a baseline holds').action(
  async (name: string, flags: BaselineFlags) =>
    (await import('./baseline.ts')).showBaseline(name, flags),
)

program
  .command('hot')
  .description("run a scenario's tests and count the instructions of each function in a stretch")
  .argument('<scenario>')
  .requiredOption('--from <text>', 'what the guest prints at its beginning, soon behind a key')
  .requiredOption('--to <text>', 'what it prints at its end')
  .option('--within <instructions>', 'how far behind a key it may end', String(usualReach))
  .option('--against <file>', 'show what has changed since an earlier `hot --json`')
  .addOption(imagesOption())
  .addOption(methodOption('direct'))
  .addOption(jsonOption())
  .action(async (name: string, flags: HotFlags) => (await import('./hot.ts')).hot(name, flags))

program
  .command('coverage')
  .description("run a scenario's tests and tell which functions of its images they reach")
  .argument('<scenario>')
  .addOption(imagesOption())
  .addOption(methodOption())
  .option('--missing', 'list the functions that were not reached')
  .option('--lcov <file>', 'write functions and source lines for lcov')
  .addOption(jsonOption())
  .action(async (name: string, flags: CoverageFlags) =>
    (await import('./coverage.ts')).coverage(name, flags),
  )

program
  .command('list')
  .description('list the scenarios and matrices')
  .addOption(jsonOption())
  .action(async (flags: JsonFlag) => (await import('./list.ts')).list(flags))

program
  .command('show')
  .description('show what a scenario boots: menu entry, files, QEMU line')
  .argument('<scenario>')
  .addOption(imagesOption())
  .addOption(methodOption())
  .addOption(jsonOption())
  .action(async (name: string, flags: BootFlags) => (await import('./show.ts')).show(name, flags))

program
  .command('tail')
  .description('follow the consoles of a run from another terminal; the newest by default')
  .argument('[run]', 'a run folder, or a part of its name')
  .action(async (name: string | undefined) => (await import('./tail.ts')).tail(name))

program
  .command('replay')
  .description('run a recorded run again, byte for byte; the newest by default')
  .argument('[run]', 'a run folder, or a part of its name')
  .option('--to <place>', 'stop there: an instruction, a phase, a text that is printed, or `fault`')
  .option('--back <number>', 'go back from there by so many instructions')
  .option('--trail <number>', 'list so many routines through which the guest came there last')
  .option('--gdb', 'start gdb there')
  .addOption(runImagesOption())
  .addOption(jsonOption())
  .action(async (name: string | undefined, flags: ReplayFlags) =>
    (await import('./replay/replay.ts')).replay(name, flags),
  )

program
  .command('timeline')
  .description('show what happened in a run, on all consoles, in one list; the newest by default')
  .argument('[run]', 'a run folder, or a part of its name')
  .addOption(jsonOption())
  .action(async (name: string | undefined, flags: JsonFlag) =>
    (await import('./timeline.ts')).timeline(name, flags),
  )

program
  .command('explain')
  .description('tell what stopped in a log file or in a run, and where in its images')
  .argument('<file|run>', 'a log file, a run folder, or a part of its name')
  .addOption(new Option('--images <dir>', 'the directory of the images that were booted'))
  .option('--elf <file...>', 'an image that was booted')
  .addOption(jsonOption())
  .action(async (name: string, flags: ExplainFlags) =>
    (await import('./explain.ts')).explain(name, flags),
  )

program
  .command('report')
  .description('write a run as a bug report, to paste into a mail; the newest by default')
  .argument('[run]', 'a run folder, or a part of its name')
  .option('-o, --output <file>', 'where to write it, in place of standard output')
  .addOption(runImagesOption())
  .addOption(jsonOption())
  .action(async (name: string | undefined, flags: ReportFlags) =>
    (await import('./report.ts')).report(name, flags),
  )

program
  .command('minimise')
  .description(
    'find the smallest menu entry that still fails as a run did; the newest that failed by default',
  )
  .argument('[run]', 'a run folder, or a part of its name')
  .option('--boots <number>', 'how many boots it may take', '100')
  .addOption(runImagesOption())
  .addOption(jsonOption())
  .action(async (name: string | undefined, flags: MinimiseFlags) =>
    (await import('./minimise/minimise.ts')).minimise(name, flags),
  )

program
  .command('lint')
  .description('tell what would go wrong when a menu boots, or a kernel of a .config')
  .argument('[file...]', "a menu.lst, a directory with menus, a scenario, or a kernel's .config")
  .addOption(rootsOption())
  .option('--memory <MiB>', 'memory of the machine')
  .option('--ports <number>', 'serial ports of the machine')
  .option('--drives <names>', 'drives of the machine, such as cd,hd0')
  .option('--for <system>', `whose rules a .config is held to: ${systems.join(', ')}`)
  .option('--sarif', 'print a SARIF 2.1.0 document')
  .option('--fix', 'make the certain fixes')
  .option('--rules', 'print the rules')
  .addOption(imagesOption())
  .addOption(methodOption())
  .addOption(jsonOption())
  .action(async (names: string[], flags: LintFlags) =>
    (await import('./lint/lint.ts')).lint(names, flags),
  )

const board = program.command('board').description('look at real machines, and switch them')

board
  .command('list')
  .description('list the boards, and who has them')
  .addOption(boardsOption())
  .addOption(jsonOption())
  .action(async (flags: BoardFlags) => (await import('./board/board.ts')).boardList(flags))

board
  .command('check')
  .description('tell whether a board can be used: its lines, its power, its first bytes')
  .argument('[board]', 'a name or a kind; all of them when none is given')
  .addOption(boardsOption())
  .addOption(jsonOption())
  .action(async (name: string | undefined, flags: BoardFlags) =>
    (await import('./board/check.ts')).boardCheck(name, flags),
  )

board
  .command('power')
  .description('switch a board on or off, or let it boot anew')
  .argument('<board>')
  .argument('<what>', 'on, off or cycle')
  .addOption(boardsOption())
  .action(async (name: string, what: string, flags: BoardFlags) =>
    (await import('./board/board.ts')).boardPower(name, what, flags),
  )

board
  .command('console')
  .description('talk to a board on its line, as it is; Ctrl-] leaves')
  .argument('<board>')
  .option('--port <number>', 'which of its lines: 1 is COM1', '1')
  .addOption(boardsOption())
  .action(async (name: string, flags: BoardConsoleFlags) =>
    (await import('./board/console.ts')).boardConsole(name, flags),
  )

program
  .command('doctor')
  .description('show the outside programs, which accelerator is fast, and what is missing')
  .addOption(jsonOption())
  .action(async (flags: JsonFlag) => (await import('./doctor.ts')).doctor(flags))

program
  .command('setup')
  .description('get the Debian packages that are missing and build the stand-in guests')
  .action(async () => (await import('./setup.ts')).setup())

let outputLost = false
for (const stream of [output, errorOutput]) {
  stream.onLost((error) => {
    // A reader that has gone away, such as `head` or a closed terminal, wants no more.
    outputLost ||= !['EPIPE', 'EIO'].includes(systemCode(error) ?? '')
  })
}
process.on('exit', () => {
  if (outputLost) process.exitCode = exitStatuses.host
})

// So that what goes with the process does; verbs that end in order take the signals for themselves.
onceSignalled({ endsAtOnce: true })

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** Prints what went wrong and returns the exit status. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has already said it; asking for help is no error.
    return error.exitCode === 0 ? 0 : exitStatuses.usage
  }
  if (error instanceof BootstandError) {
    errorOutput.write(`bootstand: ${error.message}\n`)
    return exitStatusOf(error)
  }
  // bootstand.mjs says what is wrong with the host, or reports a defect.
  throw error
}
