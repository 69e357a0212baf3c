import type { ThreadClass } from '../kernel/profile.ts'

/** What a thread of a priority may be, several joined by `or`; says so where no source tells it. */
export const threadClass = (priority: number, classes: readonly ThreadClass[]): string => {
  const named = classes.filter((it) => it.priority === priority).map(({ name }) => name)
  if (named.length > 0) return `typically ${named.join(' or ')}`
  const unnumbered = classes.filter((it) => it.priority === undefined).map(({ name }) => name)
  return [
    'class unknown',
    ...(unnumbered.length === 0 ? [] : [`no source says the number of ${unnumbered.join(', ')}`]),
  ].join('; ')
}
