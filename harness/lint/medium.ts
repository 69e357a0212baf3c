/** A file on the medium that a menu boots from. */
export interface MediumFile {
  /** From the medium's root, with a slash. */
  readonly path: string
  /** As `module` and `kernel` load it: a gzip file is unzipped. */
  readonly bytes: Buffer
  /** As `modulenounzip` loads it. */
  readonly stored: Buffer
  readonly isZipped: boolean
  /** Milliseconds since 1970. */
  readonly modified: number
}

/** A name on the medium, without its bytes. */
export interface MediumEntry {
  readonly path: string
  readonly modified: number
}

/** The files that GRUB would find. A look-up reads; whoever gives one may keep what was read. */
export interface Medium {
  readonly find: (path: string) => MediumFile | undefined
  /** Every file, for finding what a path may have meant. */
  readonly list: () => readonly MediumEntry[]
}

/** What boots the menu. Nothing is assumed of what is left out. */
export interface LintMachine {
  /** Mebibytes of memory. */
  readonly memory?: number
  /** Serial ports, all of them captured. */
  readonly serialPorts?: number
  /** Drives as GRUB names them, such as `cd` and `hd0`. */
  readonly drives?: readonly string[]
}

/** What a menu is checked against, as far as it is known. */
export interface LintContext {
  /** What an entry boots from: files without a device are here, and those of the entry's `root`. */
  readonly root?: Medium
  /** Further media by their device, such as `(hd0,1)`. */
  readonly devices?: ReadonlyMap<string, Medium>
  readonly machine?: LintMachine
}
