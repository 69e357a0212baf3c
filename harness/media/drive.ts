/** The part of a QEMU drive that names a raw image; QEMU splits at commas, a doubled one is one. */
export const driveFile = (file: string): string => `file=${file.replaceAll(',', ',,')},format=raw`

/** What a guest writes goes to a throw-away file: the image stays what it is, and evidence. */
export const overlaid = (file: string): string => `${driveFile(file)},snapshot=on`
