import type { Architecture } from '../target/target.ts'

/** What `run`, `boot`, `show` and others are told about a boot. */
export interface BootFlags {
  readonly images?: string
  readonly method?: string
  readonly json?: boolean
}

/** Which real machine to boot on. */
export interface OnBoardFlags {
  /** A board's name, or a kind of boards. */
  readonly board?: string
  /** The file that describes them. */
  readonly boards?: string
}

/** What the verbs of `board` are told. */
export interface BoardFlags extends JsonFlag {
  readonly boards?: string
}

/** What `board console` is told. */
export interface BoardConsoleFlags extends BoardFlags {
  /** A number, as typed. */
  readonly port: string
}

/** What `run` is told besides. */
export interface RunFlags extends BootFlags, OnBoardFlags {
  readonly profile?: string
  /** A number, as typed. */
  readonly retries: string
  readonly allowFlaky?: boolean
  readonly record?: boolean
  readonly recordFailures?: boolean
  /** A run's name, or `true` for the last good one. */
  readonly compare?: string | true
}

/** What `boot` is told besides. */
export interface InteractiveBootFlags extends BootFlags, OnBoardFlags {
  /** A finished image, in place of a scenario. */
  readonly disk?: string
  /** A menu, in place of a scenario. */
  readonly menu?: string
  readonly exactOrder?: boolean
  /** Serial ports, as typed. */
  readonly ports?: string
  readonly root?: string
  readonly entry?: string
  readonly allowMissing?: boolean
  /** Mebibytes, as typed. */
  readonly memory?: string
  readonly processors?: string
  /** QEMU's name of a processor model. */
  readonly cpu?: string
  readonly architecture?: Architecture
}

/** What `kdb` is told. */
export interface KdbFlags extends BootFlags {
  /** A text that the guest prints, behind which it is broken into. */
  readonly after?: string
}

/** What `differ` is told. */
export interface DifferFlags extends JsonFlag {
  readonly images?: string
  /** Milliseconds, as typed. */
  readonly quiet?: string
}

/** What `baseline` is told. */
export interface BaselineFlags extends BootFlags {
  /** The baseline's file. */
  readonly output?: string
}

/** What `hot` is told. */
export interface HotFlags extends BootFlags {
  /** Texts that the guest prints. */
  readonly from: string
  readonly to: string
  /** Instructions, as typed. */
  readonly within: string
  /** The file of an earlier `hot --json`. */
  readonly against?: string
}

/** What `matrix` is told. */
export interface MatrixFlags extends BootFlags {
  readonly system?: readonly string[]
}

/** What `build` is told. */
export interface BuildFlags extends JsonFlag {
  readonly images?: string
  readonly medium: string
  readonly fs?: string
  readonly waits?: boolean
  readonly output: string
}

/** What `coverage` is told. */
export interface CoverageFlags extends BootFlags {
  /** A file. */
  readonly lcov?: string
  readonly missing?: boolean
}

/** Whether to print one JSON document for programs. */
export interface JsonFlag {
  readonly json?: boolean
}

/** What `explain` is told. */
export interface ExplainFlags extends JsonFlag {
  readonly images?: string
  readonly elf?: readonly string[]
}

/** What `replay` is told. */
export interface ReplayFlags extends JsonFlag, RunImagesFlag {
  /** As typed. */
  readonly to?: string
  /** Numbers, as typed. */
  readonly back?: string
  readonly trail?: string
  readonly gdb?: boolean
}

/** Where the files are that a run has booted. */
export interface RunImagesFlag {
  /** A directory, for a run that has lost its copies. */
  readonly images?: string
}

/** What `report` is told. */
export interface ReportFlags extends JsonFlag, RunImagesFlag {
  /** A file, in place of standard output. */
  readonly output?: string
}

/** What `minimise` is told. */
export interface MinimiseFlags extends JsonFlag, RunImagesFlag {
  /** A number, as typed. */
  readonly boots: string
}

/** What `ramdisk build` is told; numbers are as typed. */
export interface RamdiskBuildFlags extends JsonFlag {
  readonly format: string
  readonly size?: string
  /** Percent. */
  readonly margin?: string
  readonly gzip?: boolean
  readonly libraries?: boolean
  readonly sysroot?: string
  readonly output: string
}

/** What `ramdisk check` is told; numbers are as typed. */
export interface RamdiskCheckFlags extends JsonFlag {
  /** KiB. */
  readonly ramdiskSize?: string
  /** MiB. */
  readonly memory?: string
}
