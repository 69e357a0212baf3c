import { withArguments, withWord } from '../../formats/menu/edit.ts'
import type { Fix } from '../finding.ts'
import { eachEntry, eachKickstart, type Complaint, type Rule } from '../rule.ts'
import type { EntryView, ImageView } from '../subject.ts'
import { multibootHeader } from '../look.ts'

/** In kickstart's order: user/util/kickstart/mbi-loader.cc loads its first three modules so. */
const roles = ['kernel', 'sigma0', 'root task'] as const

/** MAX_MBI_MODULES of kickstart. */
const mostModules = 32

const checkOrder = ({ commands }: EntryView): Complaint[] => {
  const first = commands.find((it) => it.name === 'kernel')
  return commands
    .filter(({ name }) => name === 'module' || name === 'modulenounzip')
    .filter((it) => first === undefined || it.index < first.index)
    .map(({ word }) => ({
      at: word,
      message: `Expected "kernel" before "${word.text}", found ${first === undefined ? 'no kernel in the entry' : 'it behind'}.`,
    }))
}

const isMultiboot = ({ kernel, modules, isKickstart }: EntryView): boolean => {
  if (kernel?.bytes !== undefined) return multibootHeader(kernel.bytes) !== undefined
  return isKickstart || modules.length > 0
}

const checkInitrd = (view: EntryView): Complaint[] => {
  const initrds = view.commands.filter((it) => it.name === 'initrd')
  const first = view.commands.find((it) => it.name === 'kernel')
  return initrds.flatMap((statement): Complaint[] => {
    const at = statement.word
    if (first === undefined || statement.index < first.index) {
      return [{ at, message: 'Expected a Linux "kernel" before "initrd", found none.' }]
    }
    if (!isMultiboot(view)) return []
    const fix: Fix = {
      description: 'Load it by "module".',
      changes: () => [withWord(statement, 'module')],
    }
    const message = 'Expected "module" with a multiboot kernel, found "initrd", which is for Linux.'
    return [{ at, message, ...(view.kernel?.bytes !== undefined && { fix }) }]
  })
}

const checkMissing = ({ kernel, modules, entry }: EntryView): Complaint[] => {
  if (modules.length >= roles.length) return []
  const missing = roles.slice(modules.length).join(', ')
  return [
    {
      at: kernel?.command.word ?? entry.heading,
      message: `Expected three modules behind kickstart (${roles.join(', ')}), found ${modules.length}: no ${missing}.`,
    },
  ]
}

/** What is at a place that its look tells to be another's. Programs that look like neither may be a root task. */
const isMisplaced = ({ look }: ImageView, position: number): boolean =>
  (look === 'kernel' && position !== 0) ||
  (look === 'sigma0' && position !== 1) ||
  (look === 'program' && position < 2) ||
  look === 'kickstart'

const names = ['the kernel', 'sigma0', 'the root task'] as const

/** A root task linked onto the kernel or sigma0 looks like it; load-overlap tells of it. */
const isLinkedLike = ({ look }: ImageView, [kernel, sigma0]: readonly ImageView[]): boolean =>
  (look === 'kernel' && kernel?.look === look) || (look === 'sigma0' && sigma0?.look === look)

/** What it is instead. */
const looks = { kickstart: 'kickstart', kernel: 'the kernel', sigma0: 'sigma0' } as const

const checkSwapped = ({ modules }: EntryView): Complaint[] => {
  const first = modules.slice(0, roles.length)
  const wrong = first.find((it) => isMisplaced(it, first.indexOf(it)) && !isLinkedLike(it, first))
  if (wrong === undefined) return []
  const position = first.indexOf(wrong)
  const found =
    looks[wrong.look as keyof typeof looks] ?? 'a program that is neither kernel nor sigma0'
  const fix = reorder(first)
  return [
    {
      at: wrong.command.arguments,
      message: `Expected ${names[position]} as module ${position + 1}, found ${found} (${wrong.path}).`,
      ...(fix !== undefined && { fix }),
    },
  ]
}

/** Certain only if the three are there, one of each, and loaded by the same command. */
const reorder = (modules: readonly ImageView[]): Fix | undefined => {
  const order = ['kernel', 'sigma0', 'program'] as const
  const sorted = order.flatMap((it) => modules.filter(({ look }) => look === it))
  const isOneOfEach = order.every((it) => modules.filter(({ look }) => look === it).length === 1)
  if (!isOneOfEach || new Set(modules.map((it) => it.command.name)).size > 1) return undefined
  const changes = () =>
    modules.map(({ command }, at) => withArguments(command, sorted[at]!.command.arguments.text))
  return { description: 'Put them in the order kernel, sigma0, root task.', changes }
}

export const moduleRules: readonly Rule[] = [
  {
    id: 'module-before-kernel',
    severity: 'error',
    trips: '`module` before `kernel`, or without one',
    why: 'GRUB stops with "Error 20: Multiboot kernel must be loaded before modules".',
    check: eachEntry(checkOrder),
  },
  {
    id: 'initrd-with-multiboot',
    severity: 'error',
    trips: '`initrd` with a multiboot kernel, or before any kernel',
    why: 'GRUB stops with "Error 19: Linux kernel must be loaded before initrd".',
    fix: '`module`, if the kernel was looked into',
    fixNeeds: 'entry',
    check: eachEntry(checkInitrd),
  },
  {
    id: 'missing-modules',
    severity: 'error',
    trips: 'kickstart with fewer than three modules',
    why: 'kickstart prints "PANIC: FAIL in line 167" (or 329 without any module) and hangs.',
    check: eachKickstart(checkMissing),
  },
  {
    id: 'swapped-modules',
    severity: 'error',
    trips: 'kernel, sigma0 and root task not in this order, told by where they are linked',
    why: 'kickstart takes modules by position. Without the kernel first it prints "PANIC: FAIL in line 329"; a wrong sigma0 is started all the same, and the kernel debugger shows up late.',
    fix: 'the right order, if one of each is there',
    fixNeeds: 'entry',
    check: eachKickstart(checkSwapped),
  },
  {
    id: 'too-many-modules',
    severity: 'warning',
    trips: 'more than 32 modules behind kickstart',
    why: 'kickstart prints "WARNING: Restricting number of modules to 32" and drops the rest.',
    check: eachKickstart(({ modules }) => {
      const extra = modules[mostModules]
      if (extra === undefined) return []
      const message = `Expected at most ${mostModules} modules, found ${modules.length}; kickstart drops those from here on.`
      return [{ at: extra.command, message }]
    }),
  },
]
