/** Times of one contender, in milliseconds. */
export interface Sample {
  readonly contender: string
  readonly times: readonly number[]
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * Runs contenders in turn, so that a host that gets slower gets slower for all of them.
 * One round before the counted ones warms caches, unless it would take too long.
 */
export const compare = async (
  contenders: Readonly<Record<string, () => Promise<number>>>,
  rounds: number,
  { warm = true } = {},
): Promise<Sample[]> => {
  const samples = Object.keys(contenders).map((contender) => ({ contender, times: [] as number[] }))
  for (let round = warm ? -1 : 0; round < rounds; round++) {
    for (const { contender, times } of samples) {
      const time = await contenders[contender]!()
      if (round >= 0) times.push(time)
    }
  }
  return samples
}

/** A table with the ratio to the first contender, both as the median over rounds. */
export const printComparison = (title: string, samples: readonly Sample[]): void => {
  const [peer] = samples
  const rounds = peer!.times.length
  process.stdout.write(`\n${title} (median of ${rounds}, ms [min .. max], ratio to the first)\n`)
  for (const { contender, times } of samples) {
    const ratio = median(times.map((time, round) => time / peer!.times[round]!))
    const span = `[${Math.min(...times).toFixed(0)} .. ${Math.max(...times).toFixed(0)}]`
    process.stdout.write(
      `  ${contender.padEnd(34)} ${median(times).toFixed(0).padStart(6)}  ${span.padEnd(14)} ${ratio.toFixed(2)}\n`,
    )
  }
}
