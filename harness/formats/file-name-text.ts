import { isUtf8 } from 'node:buffer'

/** Returns a file's name as text: UTF-8 if it is that, else one character a byte, so that different names stay different. */
export const fileNameText = (bytes: Buffer): string =>
  bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')

/** Bytes that Linux takes for a path, its NUL byte included (PATH_MAX). */
export const longestPath = 4096
