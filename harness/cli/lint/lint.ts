import { output } from '../../host/output.ts'
import { BootstandError, exitStatuses, failedStatus } from '../../core/errors.ts'
import { usageError, typedChoice, typedWhole } from '../../core/typed.ts'
import { printJson, say } from '../print.ts'
import { isKernelConfig, parseKernelConfig } from '../../formats/kernel-config.ts'
import { printMenu } from '../../formats/menu/menu-file.ts'
import { parseMenu } from '../../formats/menu/parse.ts'
import { packageVersion } from '../../host/paths.ts'
import { placeBytes, writeError } from '../../host/place-file.ts'
import { applyFixes } from '../../lint/apply-fixes.ts'
import { lintMenu } from '../../lint/lint-menu.ts'
import type { LintContext, LintMachine } from '../../lint/medium.ts'
import { systems, type System } from '../../lint/config/config-rule.ts'
import { lintConfig, systemsOf } from '../../lint/config/lint-config.ts'
import { everyRule } from '../../lint/every-rule.ts'
import { sarifOf, type LintedMenu } from '../../lint/sarif.ts'
import { summaryOf, textOf } from '../../lint/text-report.ts'
import { lintTargets, type LintRoots, type LintTarget } from './targets.ts'

/** What `lint` is told. */
export interface LintFlags extends LintRoots {
  readonly memory?: string
  readonly ports?: string
  readonly drives?: string
  /** A system whose rules a kernel's configuration is held to. */
  readonly for?: string
  readonly json?: boolean
  readonly sarif?: boolean
  readonly fix?: boolean
  readonly rules?: boolean
}

/** `bootstand lint`: what would go wrong when menus boot, and with kernels of a configuration. */
export const lint = async (names: readonly string[], flags: LintFlags): Promise<void> => {
  if (flags.rules === true) {
    for (const { id, why } of everyRule) output.write(`${id}\n    ${why}\n`)
    return
  }
  if (names.length === 0)
    throw usageError("Expected a menu, a directory, a scenario or a kernel's .config to lint.")
  if (flags.json === true && flags.sarif === true) {
    throw usageError('Expected --json or --sarif, found both.')
  }
  const machine = machineOf(flags)
  const system = systemOf(flags.for)
  const named = (await Promise.all(names.map((it) => lintTargets(it, flags)))).flat()
  const found = named.map((it) => (system === undefined && isOfNobody(it) ? ofNobody(it) : it))
  const targets = found.flatMap((it) => (it instanceof BootstandError ? [] : [it]))
  const unreadable = found.flatMap((it) => (it instanceof BootstandError ? [it] : []))
  for (const { message } of unreadable) say(`bootstand: ${message}`)
  if (unreadable.length > 0) process.exitCode = exitStatuses.usage
  if (targets.length === 0) return
  if (system !== undefined && !targets.some(isConfig)) {
    throw usageError("--for goes with a kernel's configuration, and none was named.")
  }
  const menus: LintedMenu[] = []
  const mended: string[] = []
  for (const target of targets) {
    const context = contextOf(target, machine)
    const isMended = flags.fix === true && !isConfig(target)
    const text = isMended ? await fix(target, context, mended) : target.text
    const findings = isConfig(target)
      ? lintConfig(parseKernelConfig(text), { ...(system && { systems: [system] }), ...machine })
      : lintMenu(parseMenu(text), context)
    menus.push({ path: target.path, findings })
  }
  print(menus, flags, whatIs(targets))
  for (const { path, findings } of menus) {
    if (findings.length > mostShown)
      say(`bootstand: ${path} has ${findings.length} findings; the first ${mostShown} are shown.`)
  }
  if (menus.some((it) => it.findings.length > 0)) process.exitCode ??= failedStatus
}

/** Findings of one menu. More would fill a terminal, or a document longer than a string may be. */
const mostShown = 10_000

const contextOf = ({ media, machine: own }: LintTarget, machine: LintMachine): LintContext => ({
  ...media,
  machine: { ...own, ...machine },
})

/** Writes the mended menu back, and says what was done. */
const fix = async (target: LintTarget, context: LintContext, mended: string[]): Promise<string> => {
  const { file, applied } = applyFixes(parseMenu(target.text), context)
  if (applied.length === 0 || target.file === undefined) return target.text
  const text = printMenu(file)
  await placeBytes(target.file, Buffer.from(text, 'latin1')).catch((error: unknown) => {
    const before = mended.length === 0 ? '' : ` Mended before it: ${mended.join(', ')}.`
    throw writeError(target.file!, error, `It is as it was.${before}`)
  })
  mended.push(target.path)
  if (applied.length > mostShown)
    say(`${target.path}: made ${applied.length} fixes; the first ${mostShown} are shown.`)
  for (const it of applied.slice(0, mostShown)) {
    say(`${target.path}:${it.line}: fixed ${it.rule}: ${it.fix!.description}`)
  }
  return text
}

const print = (menus: readonly LintedMenu[], { json, sarif }: LintFlags, what: string): void => {
  const shown = menus.map((it) => ({ ...it, findings: it.findings.slice(0, mostShown) }))
  if (sarif === true) return printJson(sarifOf(shown, packageVersion))
  if (json === true) return printJson(jsonOf(shown))
  for (const menu of shown) output.write(textOf(menu))
  output.write(`${summaryOf(menus, what)}\n`)
}

const jsonOf = (menus: readonly LintedMenu[]) =>
  menus.map(({ path, findings }) => ({
    path,
    findings: findings.map(({ fix: it, ...finding }) => ({
      ...finding,
      ...(it !== undefined && { fix: it.description }),
    })),
  }))

/** By its lines, so that one from a pipe is known too; by its name if it has none. */
const isConfig = ({ path, text }: LintTarget): boolean =>
  isKernelConfig(text) || /(?:^|\/)(?:\.config|config-[^/]*)$/.test(path)

const whatIs = (targets: readonly LintTarget[]): string => {
  const configs = targets.filter(isConfig).length
  if (configs === 0) return 'menu'
  return configs === targets.length ? 'configuration' : 'file'
}

const systemOf = (name: string | undefined): System | undefined => {
  return name === undefined ? undefined : typedChoice('system', name, systems)
}

/** Whether a configuration does not show whose it is. */
const isOfNobody = (target: LintTarget | BootstandError): target is LintTarget =>
  !(target instanceof BootstandError) &&
  isConfig(target) &&
  systemsOf(parseKernelConfig(target.text)).length === 0

const ofNobody = ({ path }: LintTarget): BootstandError =>
  usageError(
    `Expected the configuration of an L4Linux, openMosix or BProc at "${path}", found none of CONFIG_L4…, CONFIG_MOSIX and CONFIG_BPROC set. ` +
      `Say for which it is meant: --for ${systems.join(', ')}.`,
  )

const machineOf = ({ memory, ports, drives }: LintFlags): LintMachine => ({
  ...(memory !== undefined && { memory: typedWhole('--memory', memory, { most: 999_999 }) }),
  ...(ports !== undefined && { serialPorts: typedWhole('--ports', ports, { least: 0, most: 4 }) }),
  ...(drives !== undefined && { drives: drives.split(',').map(drive) }),
})

const drive = (name: string): string => {
  if (/^(?:fd[0-7]|hd[0-7]|cd|nd)$/.test(name)) return name
  throw usageError(
    `Expected drives as GRUB names them behind --drives, such as cd,hd0,fd0; found "${name}".`,
  )
}
