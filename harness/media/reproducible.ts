/** The time that every file, directory and volume on a medium bears: 2026-01-01, in seconds. */
export const mediumTime = '1767225600'

/** `mediumTime` as xorriso writes it: year, month, day, hour, minute, second, hundredths. */
export const mediumDate = '2026010100000000'

/**
 * Makes the writers of media give the same bytes for the same files at any time, on any machine.
 *
 * Sources: mke2fs(8), `E2FSPROGS_FAKE_TIME` in e2fsprogs' lib/ext2fs/initialize.c and openfs.c;
 * mtools(1) and xorrisofs(1), section ENVIRONMENT.
 */
export const reproducibleEnvironment: Readonly<Record<string, string>> = {
  SOURCE_DATE_EPOCH: mediumTime,
  E2FSPROGS_FAKE_TIME: mediumTime,
  // FAT keeps local time.
  TZ: 'UTC0',
  // An administrator's defaults are not ours.
  MKE2FS_CONFIG: '/dev/null',
  MTOOLSRC: '/dev/null',
}
