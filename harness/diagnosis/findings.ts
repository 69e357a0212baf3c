import { comparedFindings, type FindingContext } from './compared-findings.ts'
import { knownFindings, type Evidence, type KnownFinding } from './known-findings.ts'
import { plainLines } from './load-lines.ts'

/** What a log shows that has a known cure. */
export interface AdvisedFinding {
  readonly id: string
  /** Of the log, from 1: where it was certain. */
  readonly line: number
  /** The lines that show it, and what beside the log does. */
  readonly evidence: readonly Evidence[]
  readonly advice: string
  /** Where the advice comes from. */
  readonly source: string
}

/** Finds what is known, each once, in the order of its lines. */
export const findingsIn = (
  text: string,
  context: FindingContext = {},
): readonly AdvisedFinding[] => {
  const lines = plainLines(text).map((it) => (it.length > longest ? '' : it))
  const found = [
    ...knownFindings.map(({ id, advice, source, ...form }) => ({
      ...{ id, advice, source },
      evidence: evidenceOf(form, lines),
    })),
    ...comparedFindings.map(({ seen, ...finding }) => ({
      ...finding,
      evidence: seen(lines, context),
    })),
  ]
  const certain = found
    .flatMap(({ evidence, ...finding }) => {
      const line = evidence.findLast((it) => it.line !== undefined)?.line
      return line === undefined ? [] : [{ ...finding, line, evidence }]
    })
    .toSorted((a, b) => a.line - b.line)
  return certain.filter(({ id }, index) => certain.findIndex((it) => it.id === id) === index)
}

const evidenceOf = (
  { pattern, least = 1, besides }: Pick<KnownFinding, 'pattern' | 'least' | 'besides'>,
  lines: readonly string[],
): readonly Evidence[] => {
  const seen: Evidence[] = []
  for (const [index, text] of lines.entries()) {
    if (pattern.test(text)) seen.push({ line: index + 1, text })
    if (seen.length === least) break
  }
  if (seen.length < least) return []
  if (besides === undefined) return seen
  const other = lines.findIndex((it) => besides.test(it))
  return other === -1 ? [] : [{ line: other + 1, text: lines[other]! }, ...seen]
}

/** No such line is longer. */
const longest = 4096
