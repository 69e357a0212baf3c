import type { Span } from './menu/span.ts'

/** An option of a Linux kernel's configuration. */
export interface ConfigOption {
  /** With its `CONFIG_`. */
  readonly name: string
  /** `y`, `m`, a number or a text as written, quotes too; `n` for one that is not set. */
  readonly value: string
  /** The name, and the whole line. */
  readonly at: Span
  readonly lineAt: Span
}

/** A `.config` as make reads it. */
export interface KernelConfig {
  /** In their order, each as often as it is there. */
  readonly options: readonly ConfigOption[]
  /** Lines that are neither an option, a comment nor blank. */
  readonly malformed: readonly (Span & { readonly text: string })[]
  /** Of the kernel that wrote it, such as `2.6.26-l4`; Linux 2.4 and older write none. */
  readonly version?: string
}

const assigned = /^(CONFIG_[A-Za-z0-9_]+)=("(?:[^"\\]|\\.)*"|[^\s"'#]+)\s*$/
const unset = /^# (CONFIG_[A-Za-z0-9_]+) is not set\s*$/
const versions = [
  /^# Linux kernel version: (\S+)/m,
  /^# Linux\/\S+ (\S+) Kernel Configuration/m,
] as const

/** Whether a text is such a configuration, by its lines. */
export const isKernelConfig = (text: string): boolean =>
  /^(?:CONFIG_\w+=|# CONFIG_\w+ is not set)/m.test(text)

/** Reads a kernel's configuration. Never throws: what is wrong is part of the answer. */
export const parseKernelConfig = (text: string): KernelConfig => {
  const options: ConfigOption[] = []
  const malformed: (Span & { text: string })[] = []
  let start = 0
  for (const [index, line] of text.split('\n').entries()) {
    const lineAt = { line: index + 1, column: 1, start, end: start + line.trimEnd().length }
    start += line.length + 1
    const [, name, value = 'n'] = assigned.exec(line) ?? unset.exec(line) ?? []
    if (name !== undefined) {
      const column = line.indexOf(name)
      const begin = lineAt.start + column
      const at = { line: index + 1, column: column + 1, start: begin, end: begin + name.length }
      options.push({ name, value, at, lineAt })
    } else if (line.trim() !== '' && !line.startsWith('#'))
      malformed.push({ ...lineAt, text: line })
  }
  const version = versions.map((it) => it.exec(text)?.[1]).find((it) => it !== undefined)
  return { options, malformed, ...(version !== undefined && { version }) }
}
