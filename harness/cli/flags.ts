/** What `run`, `boot` and `show` are told about a boot. */
export interface BootFlags {
  readonly images?: string
  readonly method: string
  readonly json?: boolean
}

/** Whether to print one JSON document for programs. */
export interface JsonFlag {
  readonly json?: boolean
}
