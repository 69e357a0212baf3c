import path from 'node:path'
import { didYouMean } from '../core/nearest.ts'
import type { Medium } from './medium.ts'
import { onceEach } from './once-each.ts'

/** Names that are compared in search of what a menu's paths may have meant. More take minutes. */
const mostComparisons = 200_000

/** Returns what a missing path may have meant, such as ` Did you mean "/boot/kernel"?`, or an empty text. */
export type PathHint = (missing: string, medium: Medium) => string

/** Returns hints for the paths of one menu. Looks for misspelt names only as long as that takes no more than a second. */
export const pathHints = (): PathHint => {
  let left = mostComparisons
  const guess = (missing: string, paths: readonly string[]): string => {
    left -= paths.length
    return left < 0 ? '' : didYouMean(missing, paths)
  }
  const namesOf = onceEach((medium: Medium) => {
    const paths = medium.list().map((it) => it.path)
    // The first of a name wins, so the later ones are written first.
    const byName = new Map(paths.toReversed().map((it) => [path.posix.basename(it), it]))
    return { paths, byName, hints: new Map<string, string>() }
  })
  return (missing, medium) => {
    const { paths, byName, hints } = namesOf(medium)
    const elsewhere = byName.get(path.posix.basename(missing))
    if (elsewhere !== undefined) return ` Did you mean "${elsewhere}"?`
    const hint = hints.get(missing) ?? guess(missing, paths)
    hints.set(missing, hint)
    return hint
  }
}
