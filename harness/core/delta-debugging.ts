/**
 * Leaves out parts as long as what matters stays: big pieces first, then smaller ones, at last each part by itself
 * until none can be spared. Source: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002),
 * with complements only.
 *
 * @param holds Whether what matters is still there with these parts. It is with all of them.
 */
export const smallest = async <T>(
  parts: readonly T[],
  holds: (kept: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> => {
  if (parts.length === 0 || (await holds([]))) return []
  let kept = parts
  for (let size = Math.ceil(parts.length / 2); ; size = Math.ceil(size / 2)) {
    const before = kept.length
    for (let at = 0; at < kept.length;) {
      const without = kept.toSpliced(at, size)
      if (without.length > 0 && (await holds(without))) kept = without
      else at += size
    }
    if (size === 1 && kept.length === before) return kept
  }
}
