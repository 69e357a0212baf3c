import { BootstandError, exitStatuses, failedStatus } from '../core/errors.ts'
import { printMenu } from '../formats/menu/menu-file.ts'
import { parseMenu } from '../formats/menu/parse.ts'
import { packageVersion } from '../host/paths.ts'
import { replaceFile, writeError } from '../host/replace-file.ts'
import { applyFixes } from '../lint/apply-fixes.ts'
import { lintMenu } from '../lint/lint-menu.ts'
import type { LintContext, LintMachine } from '../lint/medium.ts'
import { rules } from '../lint/rules/list.ts'
import { sarifOf, type LintedMenu } from '../lint/sarif.ts'
import { summaryOf, textOf } from '../lint/text-report.ts'
import { lintTargets, type LintRoots, type LintTarget } from './lint-targets.ts'

/** What `lint` is told. */
export interface LintFlags extends LintRoots {
  readonly memory?: string
  readonly ports?: string
  readonly drives?: string
  readonly json?: boolean
  readonly sarif?: boolean
  readonly fix?: boolean
  readonly rules?: boolean
}

/** `bootstand lint`: what would go wrong when menus boot. */
export const lint = async (names: readonly string[], flags: LintFlags): Promise<void> => {
  if (flags.rules === true) {
    for (const { id, why } of rules) process.stdout.write(`${id}\n    ${why}\n`)
    return
  }
  if (names.length === 0) throw usageError('Expected a menu, a directory or a scenario to lint.')
  if (flags.json === true && flags.sarif === true) {
    throw usageError('Expected --json or --sarif, found both.')
  }
  const machine = machineOf(flags)
  const found = (await Promise.all(names.map((it) => lintTargets(it, flags)))).flat()
  const targets = found.flatMap((it) => (it instanceof BootstandError ? [] : [it]))
  const unreadable = found.flatMap((it) => (it instanceof BootstandError ? [it] : []))
  for (const { message } of unreadable) process.stderr.write(`bootstand: ${message}\n`)
  if (unreadable.length > 0) process.exitCode = exitStatuses.usage
  if (targets.length === 0) return
  const menus: LintedMenu[] = []
  const mended: string[] = []
  for (const target of targets) {
    const context = contextOf(target, machine)
    const text = flags.fix === true ? await fix(target, context, mended) : target.text
    menus.push({ path: target.path, findings: lintMenu(parseMenu(text), context) })
  }
  print(menus, flags)
  if (menus.some((it) => it.findings.length > 0)) process.exitCode ??= failedStatus
}

const contextOf = ({ media, machine: own }: LintTarget, machine: LintMachine): LintContext => ({
  ...media,
  machine: { ...own, ...machine },
})

/** Writes the mended menu back, and says what was done. */
const fix = async (target: LintTarget, context: LintContext, mended: string[]): Promise<string> => {
  const { file, applied } = applyFixes(parseMenu(target.text), context)
  if (applied.length === 0 || target.file === undefined) return target.text
  const text = printMenu(file)
  await replaceFile(target.file, Buffer.from(text, 'latin1')).catch((error: unknown) => {
    const before = mended.length === 0 ? '' : ` Mended before it: ${mended.join(', ')}.`
    throw writeError(target.file!, error, `It is as it was.${before}`)
  })
  mended.push(target.path)
  for (const it of applied) {
    process.stderr.write(`${target.path}:${it.line}: fixed ${it.rule}: ${it.fix!.description}\n`)
  }
  return text
}

const print = (menus: readonly LintedMenu[], { json, sarif }: LintFlags): void => {
  if (json === true || sarif === true) {
    const document = sarif === true ? sarifOf(menus, packageVersion) : jsonOf(menus)
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
    return
  }
  for (const menu of menus) process.stdout.write(textOf(menu))
  process.stdout.write(`${summaryOf(menus)}\n`)
}

const jsonOf = (menus: readonly LintedMenu[]) =>
  menus.map(({ path, findings }) => ({
    path,
    findings: findings.map(({ fix: it, ...finding }) => ({
      ...finding,
      ...(it !== undefined && { fix: it.description }),
    })),
  }))

const machineOf = ({ memory, ports, drives }: LintFlags): LintMachine => ({
  ...(memory !== undefined && { memory: whole('--memory', memory, 1, 999_999) }),
  ...(ports !== undefined && { serialPorts: whole('--ports', ports, 0, 4) }),
  ...(drives !== undefined && { drives: drives.split(',').map(drive) }),
})

const whole = (option: string, text: string, least: number, most: number): number => {
  const number = Number(text)
  if (/^[0-9]{1,6}$/.test(text) && number >= least && number <= most) return number
  throw usageError(
    `Expected a whole number from ${least} to ${most} behind ${option}, found "${text}".`,
  )
}

const drive = (name: string): string => {
  if (/^(?:fd[0-7]|hd[0-7]|cd|nd)$/.test(name)) return name
  throw usageError(
    `Expected drives as GRUB names them behind --drives, such as cd,hd0,fd0; found "${name}".`,
  )
}

const usageError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_LINT', 'usage', message)
