/** Files that a scenario is booted with where its user names no directory of images. */
export interface Guests {
  /** For people, such as `Debian's Linux`. */
  readonly label: string
  /**
   * Brings them, as far as they are not there yet.
   *
   * @param say Told when that takes a while.
   * @returns the directory that they lie in.
   * @throws {BootstandError} with the code `BOOTSTAND_GUESTS` when this machine cannot get them: tests that
   *   boot them are skipped then.
   */
  readonly bring: (say: (line: string) => void) => Promise<string>
}

/** Says nothing. */
export const silently = (): void => {}
