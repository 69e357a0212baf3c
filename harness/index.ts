export { boot, type BootOptions } from './boot/boot.ts'
export { cachedCheckpoint } from './boot/cached-checkpoint.ts'
export type { Checkpoint } from './boot/checkpoint.ts'
export { bootDisk, type DiskBootOptions } from './boot/boot-disk.ts'
export {
  differ,
  type Differences,
  type DifferOptions,
  type MethodTrace,
  type Parting,
} from './boot/differ.ts'
export { readHot, type HotStretch } from './run-folder/hot-file.ts'
export { grubMenu, type GrubMenuOptions } from './boot/grub-menu.ts'
export { linux, type LinuxOptions } from './boot/linux.ts'
export {
  matrix,
  runMatrix,
  type Matrix,
  type MatrixBoot,
  type MatrixConsole,
  type MatrixOptions,
  type MatrixRun,
  type SeenMark,
} from './boot/matrix.ts'
export type { Answer, Debugger, ListedThread } from './kernel/debugger/debugger.ts'
export { ddbOn, type Ddb } from './kernel/debugger/ddb.ts'
export { jdbOn, type Jdb } from './kernel/debugger/jdb.ts'
export { kdbOn, type Kdb } from './kernel/debugger/kdb.ts'
export { xenKeysOn, type XenKeys } from './kernel/debugger/xen-keys.ts'
export { grubOn, type Grub } from './kernel/grub-dialogue.ts'
export { fiascoProfile } from './kernel/fiasco.ts'
export { grubProfile } from './kernel/grub.ts'
export { debianGnumach, debianXen } from './guests/debian-kernels.ts'
export type { Guests } from './guests/guests.ts'
export { l4linuxProfile } from './kernel/l4linux.ts'
export { linuxProfile } from './kernel/linux.ts'
export {
  shellOn,
  type CommandResult,
  type Shell,
  type ShellOptions,
} from './kernel/shell-dialogue.ts'
export { pistachioProfile } from './kernel/pistachio.ts'
export type { KernelProfile, ThreadClass } from './kernel/profile.ts'
export { kickstartArguments, type KickstartOptions } from './bootset/kickstart.ts'
export { l4linux, type L4LinuxOptions } from './boot/l4linux.ts'
export { pistachio, type PistachioOptions } from './boot/pistachio.ts'
export type { BootedTarget, Target } from './boot/target.ts'
export type { Scenario } from './boot/scenario.ts'
export type { Verdict } from './boot/verdict.ts'
export type { Console } from './console/console.ts'
export type { ScreenImage, ScreenMatch } from './console/screen-image.ts'
export type { Screen } from './console/screen.ts'
export type { Vga } from './console/vga.ts'
export type { VgaImage } from './console/vga-image.ts'
export type { Diagnosis, Evidence } from './console/diagnosis.ts'
export { WaitError } from './console/wait-error.ts'
export type { Match, Pattern } from './console/wait.ts'
export { BootstandError, type Culprit } from './core/errors.ts'
export type { Outcome } from './core/outcome.ts'
export type { WaitOptions } from './core/deadline.ts'
export type { BootedFile, Place } from './diagnosis/address-map.ts'
export { bootedFiles, type BootedFiles } from './diagnosis/booted-files.ts'
export type { CrashKind, CrashThread } from './diagnosis/crash-facts.ts'
export {
  crashReports,
  type CrashEvidence,
  type CrashInstruction,
  type CrashPlace,
  type CrashReport,
  type QueuedPriority,
  type StackWord,
} from './diagnosis/crash-report.ts'
export type { FindingContext } from './diagnosis/compared-findings.ts'
export { findingsIn, type AdvisedFinding } from './diagnosis/findings.ts'
export type { Evidence as FindingEvidence } from './diagnosis/known-findings.ts'
export { compareHot, type HotChange, type HotFunction } from './diagnosis/hot-functions.ts'
export type { Stretch } from './formats/execution-log.ts'
export type { Measurement, Phase } from './diagnosis/observer.ts'
export { dumpsIn, type Dump, type LineRange } from './dumps/dumps-in.ts'
export type { Hex } from './dumps/hex.ts'
export type { VgaCell, VgaColour } from './formats/vga-text.ts'
export { menu, type MenuBuilder, type MenuLimits } from './formats/menu/builder.ts'
export type { SerialOptions, TerminalOptions } from './formats/menu/builder-options.ts'
export type { EntryBuilder, KernelOptions } from './formats/menu/entry-builder.ts'
export {
  insertAfter,
  removeStatement,
  replaceArguments,
  replaceWord,
  type NewCommand,
} from './formats/menu/edit.ts'
export { printMenu, type MenuEntry, type MenuFile } from './formats/menu/menu-file.ts'
export { parseMenu } from './formats/menu/parse.ts'
export type { CommandStatement, Statement } from './formats/menu/statement.ts'
export { parseKernelConfig, type ConfigOption, type KernelConfig } from './formats/kernel-config.ts'
export type { System as KernelSystem } from './lint/config/config-rule.ts'
export { lintConfig, type ConfigContext } from './lint/config/lint-config.ts'
export type { Finding, Fix, Severity } from './lint/finding.ts'
export { folderMedium } from './lint/folder-medium.ts'
export { lintMenu } from './lint/lint-menu.ts'
export type {
  LintContext,
  LintMachine,
  Medium as LintMedium,
  MediumEntry,
  MediumFile,
} from './lint/medium.ts'
export { buildRamdisk, type BuiltRamdisk, type RamdiskOptions } from './ramdisk/build-ramdisk.ts'
export type { RamdiskFormat } from './ramdisk/formats.ts'
export { checkRamdisk, type RamdiskMachine, type RamdiskReport } from './ramdisk/check-ramdisk.ts'
export type { Board } from './target/board/board.ts'
export { takeBoard, type TakeOptions, type TakenBoard } from './target/board/take-board.ts'
export type { TargetEnd, TargetEndKind } from './target/target.ts'
