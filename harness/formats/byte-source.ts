/** Bytes that are read where they are needed, so that a large file need not be in memory. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number
  /** Returns the bytes at an offset; fewer at the end. */
  readonly read: (offset: number, length: number) => Buffer
}
