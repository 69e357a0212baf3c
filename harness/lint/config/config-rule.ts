import type { ConfigOption, KernelConfig } from '../../formats/kernel-config.ts'
import type { Span } from '../../formats/menu/span.ts'
import type { Severity } from '../finding.ts'

/** The systems whose documents say what a kernel's configuration must have. */
export const systems = ['l4linux-2.4', 'l4linux', 'openmosix', 'bproc'] as const
export type System = (typeof systems)[number]

/** Data about a kind of mistake in a kernel's configuration, and a pure function that finds it. */
export interface ConfigRule {
  /** Stable, as a menu's rules have them. */
  readonly id: string
  readonly severity: Severity
  /** Whose kernels it is for. */
  readonly for: readonly System[]
  readonly trips: string
  readonly why: string
  /** Who says so. */
  readonly source: string
  readonly check: (subject: ConfigSubject) => readonly ConfigComplaint[]
}

/** What a rule has to say of one place. */
export interface ConfigComplaint {
  readonly at: Span
  readonly message: string
}

/** A configuration with what is asked of it. */
export interface ConfigSubject {
  readonly config: KernelConfig
  /** An option's value, the last if there are several; `n` without one, as make takes it. */
  readonly value: (name: string) => string
  /** Where an option stands, or else what made the rule apply. */
  readonly place: (name: string) => Span
  /** Mebibytes of the machine's memory, if they are known. */
  readonly memory?: number
}

/** Built in or a module. */
export const isSet = ({ value }: ConfigSubject, name: string): boolean =>
  value(name) === 'y' || value(name) === 'm'

/** An option's value in words. */
const shownValue = ({ config, value }: ConfigSubject, name: string): string => {
  if (value(name) !== 'n') return `${name}=${value(name)}`
  return config.options.some((it) => it.name === name) ? `${name} not set` : `no ${name}`
}

/** A check that an option is built in. */
export const builtIn =
  (name: string): ConfigRule['check'] =>
  (subject) =>
    subject.value(name) === 'y' ? [] : [expectation(subject, name, `${name}=y`)]

/** A check that each of some options is set, built in or as a module. */
export const allSet =
  (...names: readonly string[]): ConfigRule['check'] =>
  (subject) =>
    names.filter((it) => !isSet(subject, it)).map((it) => expectation(subject, it, `${it}=y or =m`))

/** A check that one of some options is built in. */
export const oneBuiltIn =
  (...names: readonly string[]): ConfigRule['check'] =>
  (subject) =>
    names.some((it) => subject.value(it) === 'y')
      ? []
      : [expectation(subject, present(subject, names), `one of ${names.join(', ')} as =y`)]

const present = ({ config }: ConfigSubject, names: readonly string[]): string =>
  names.find((name) => config.options.some((it) => it.name === name)) ?? names[0]!

/** A check that an option is off. */
export const unset =
  (name: string): ConfigRule['check'] =>
  (subject) =>
    isSet(subject, name) ? [expectation(subject, name, `${name} not to be set`)] : []

/** A check that is made only of some configurations. */
export const whenever =
  (applies: (subject: ConfigSubject) => boolean, check: ConfigRule['check']): ConfigRule['check'] =>
  (subject) =>
    applies(subject) ? check(subject) : []

/** What an option should be, and what it is. */
export const expectation = (
  subject: ConfigSubject,
  name: string,
  expected: string,
): ConfigComplaint => ({
  at: subject.place(name),
  message: `Expected ${expected}, found ${shownValue(subject, name)}.`,
})

/** The last of an option's lines, which counts. */
export const lastOf = (config: KernelConfig, name: string): ConfigOption | undefined =>
  config.options.findLast((it) => it.name === name)
