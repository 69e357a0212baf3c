import { menuLine } from './menu-line.ts'
import { parseDevice } from './pieces/device.ts'
import { parseFileName } from './pieces/file-name.ts'
import type { KernelType } from './pieces/image.ts'
import type { Reading } from './pieces/reading.ts'
import { looseWord, type Word } from './span.ts'
import { assertWord, menuError } from './writable.ts'

/** How a kernel is loaded. */
export interface KernelOptions {
  readonly type?: KernelType
  readonly noMemOption?: boolean
}

/** An entry that is being written. Files are as on the medium, arguments verbatim. */
export interface EntryBuilder {
  readonly lines: readonly string[]
  readonly root: (device: string) => EntryBuilder
  readonly rootNoVerify: (device: string) => EntryBuilder
  readonly kernel: (file: string, words?: string, options?: KernelOptions) => EntryBuilder
  /** A module; GRUB unzips it if it is a gzip file. */
  readonly module: (file: string, words?: string) => EntryBuilder
  /** A module that stays as it is. */
  readonly moduleNoUnzip: (file: string, words?: string) => EntryBuilder
  readonly initrd: (file: string) => EntryBuilder
  readonly chainloader: (file: string, options?: { readonly force?: boolean }) => EntryBuilder
  readonly makeActive: () => EntryBuilder
  readonly map: (toDrive: string, fromDrive: string) => EntryBuilder
  readonly lock: () => EntryBuilder
  readonly saveDefault: () => EntryBuilder
  readonly configFile: (file: string) => EntryBuilder
}

const builder = (lines: readonly string[]): EntryBuilder => {
  const add = (line: string) => builder([...lines, line])
  return {
    lines,
    root: (name) => add(menuLine('root', device(name))),
    rootNoVerify: (name) => add(menuLine('rootnoverify', device(name))),
    kernel: (name, words = '', options = {}) =>
      add(menuLine('kernel', ...kernelOptions(options), file(name), words)),
    module: (name, words = '') => add(menuLine('module', file(name), words)),
    moduleNoUnzip: (name, words = '') => add(menuLine('modulenounzip', file(name), words)),
    initrd: (name) => add(menuLine('initrd', file(name))),
    chainloader: (name, { force = false } = {}) =>
      add(menuLine('chainloader', force ? '--force' : '', file(name))),
    makeActive: () => add('makeactive'),
    map: (to, from) => add(menuLine('map', device(to), device(from))),
    lock: () => add('lock'),
    saveDefault: () => add('savedefault'),
    configFile: (name) => add(menuLine('configfile', file(name))),
  }
}

/** An entry without a line. */
export const entry: EntryBuilder = builder([])

const kernelOptions = ({ type, noMemOption = false }: KernelOptions): string[] => [
  ...(type === undefined ? [] : [`--type=${type}`]),
  ...(noMemOption ? ['--no-mem-option'] : []),
]

const device = (name: string): string => checked('a device', name, parseDevice)

const file = (name: string): string => checked('a file name', name, parseFileName)

const checked = (what: string, name: string, parse: (word: Word) => Reading<unknown>): string => {
  assertWord(what, name)
  const { problem } = parse(looseWord(name))
  if (problem !== undefined) throw menuError(problem.message)
  return name
}
