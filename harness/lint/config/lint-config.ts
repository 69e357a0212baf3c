import type { KernelConfig } from '../../formats/kernel-config.ts'
import type { Finding } from '../finding.ts'
import { placeOf } from '../lint-menu.ts'
import { lastOf, type ConfigSubject, type System } from './config-rule.ts'
import { configRules } from './rules.ts'

/** What a configuration is checked against. */
export interface ConfigContext {
  /** Whose rules; told by the options if left out. */
  readonly systems?: readonly System[]
  /** Mebibytes of the machine's memory. */
  readonly memory?: number
}

/** Whose kernel a configuration is for, by its own options. */
export const systemsOf = (config: KernelConfig): System[] => [
  ...(lastL4(config) === undefined ? [] : ([isOld(config) ? 'l4linux-2.4' : 'l4linux'] as const)),
  ...(isOn(config, 'CONFIG_MOSIX') ? (['openmosix'] as const) : []),
  ...(isOn(config, 'CONFIG_BPROC') ? (['bproc'] as const) : []),
]

const isOn = (config: KernelConfig, name: string): boolean =>
  (lastOf(config, name)?.value ?? 'n') !== 'n'

const lastL4 = ({ options }: KernelConfig) =>
  options.findLast(({ name, value }) => /^CONFIG_L4(?:_|$)/.test(name) && value !== 'n')

/** Linux 2.4 writes no version. */
const isOld = ({ version }: KernelConfig): boolean =>
  version === undefined || /^2\.[0-5]\./.test(version)

/** Finds what would go wrong with a kernel of this configuration, in the order of its lines. */
export const lintConfig = (config: KernelConfig, context: ConfigContext = {}): Finding[] => {
  const chosen = context.systems ?? systemsOf(config)
  const told = lastL4(config) ?? lastOf(config, 'CONFIG_MOSIX') ?? lastOf(config, 'CONFIG_BPROC')
  const beginning = { line: 1, column: 1, start: 0, end: 0 }
  const subject: ConfigSubject = {
    config,
    value: (name) => lastOf(config, name)?.value ?? 'n',
    place: (name) => lastOf(config, name)?.at ?? told?.at ?? beginning,
    ...(context.memory !== undefined && { memory: context.memory }),
  }
  return configRules
    .filter((rule) => rule.for.some((it) => chosen.includes(it)))
    .flatMap(({ id, severity, why, check }) =>
      check(subject).map(({ at, message }) => ({
        rule: id,
        severity,
        message,
        why,
        ...placeOf(at),
      })),
    )
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
}
