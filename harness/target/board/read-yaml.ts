import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { Document, Node, YAMLError } from 'yaml'
import { printable } from '../../core/printable.ts'

/** Levels of lists and maps in each other. */
const deepest = 32

/** Values after aliases are resolved. Aliases share their values, so a bomb is small until it is walked. */
const mostValues = 20_000

/** Characters of the parser's message, which repeats names from the file. */
const longestMessage = 200

/** A YAML text as data, or its first problem. */
export type ReadYaml =
  | {
      readonly value: unknown
      /** Returns the line of a schema's issue, from 1 on. */
      readonly lineOf: (issue: SchemaIssue) => number
    }
  | { readonly line: number; readonly problem: string }

/** The part of zod's issues that says where the problem is. */
interface SchemaIssue {
  readonly path: readonly PropertyKey[]
  readonly keys?: readonly string[]
}

/** Parses one YAML 1.2 document, with limits on nesting and on what aliases expand to. */
export const readYaml = (text: string): ReadYaml => {
  const deepLine = tooDeepLine(text)
  if (deepLine !== undefined) return { line: deepLine, problem: tooDeep }
  const lineCounter = new LineCounter()
  // The parser's own pretty messages take quadratic time in the number of errors.
  const options = { lineCounter, prettyErrors: false, stringKeys: true } as const
  const lineAt = (offset: number): number => Math.max(1, lineCounter.linePos(offset).line)
  try {
    const document = parseDocument(text, options)
    const [error] = document.errors
    if (error !== undefined) return { line: lineAt(error.pos[0]), problem: problemOfError(error) }
    const misused = misusedNode(document)
    if (misused !== undefined) return { line: lineAt(misused.offset), problem: misused.problem }
    // Its own limit counts aliases, not values.
    const value: unknown = document.toJS({ maxAliasCount: -1 })
    if (!isSmall(value)) return { line: 1, problem: tooManyValues }
    return { value, lineOf: (issue) => lineAt(offsetOf(document, issue)) }
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError) return { line: 1, problem: tooDeep }
    throw error
  }
}

/** Open brackets, and characters of a line, by which a text is too deep for the parser to call itself for each level. */
const mostOpen = 200
const longestLine = 1_000

/**
 * Returns the first line at which a text may be nested so deeply that parsing it exhausts the stack. V8 aborts the process
 * where it has to compile a regular expression there. Block levels take a column each, flow levels a bracket.
 */
const tooDeepLine = (text: string): number | undefined => {
  let open = 0
  for (const [index, line] of text.split('\n').entries()) {
    if (line.length > longestLine) return index + 1
    for (const character of line) {
      if (character === '[' || character === '{') open += 1
      else if (character === ']' || character === '}') open = Math.max(0, open - 1)
      if (open > mostOpen) return index + 1
    }
  }
  return undefined
}

const tooDeep = `expected at most ${deepest} levels of lists and maps, and lines of at most ${longestLine} characters, found more`
const tooManyValues = `expected at most ${mostValues} values, found more after aliases were resolved`

const problemOfError = ({ code, message }: YAMLError): string =>
  code === 'RESOURCE_EXHAUSTION'
    ? tooDeep
    : `expected YAML, found an error: ${printable(message.slice(0, longestMessage))}`

/** Finds the first node that is nested too deeply or is an alias of nothing before it. */
const misusedNode = (
  document: Document.Parsed,
): { readonly offset: number; readonly problem: string } | undefined => {
  const anchors = new Set<string>()
  let found: { readonly offset: number; readonly problem: string } | undefined
  visit(document, {
    Node: (_key, node, ancestors) => {
      const open = ancestors.filter((it) => isNode(it))
      const offset = node.range?.[0] ?? 0
      if (open.length > deepest) found = { offset, problem: tooDeep }
      else if (isAlias(node)) {
        const { source } = node
        const isOpen = open.some((it) => 'anchor' in it && it.anchor === source)
        if (isOpen || !anchors.has(source)) {
          const name = printable(source.slice(0, longestMessage))
          const problem = `expected an anchor &${name} that ends before the alias *${name}, found none`
          found = { offset, problem }
        }
      } else if ('anchor' in node && node.anchor !== undefined) anchors.add(node.anchor)
      return found === undefined ? undefined : visit.BREAK
    },
  })
  return found
}

const isSmall = (root: unknown): boolean => {
  const open = [root]
  let left = mostValues
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    const children = Object.values(value)
    left -= children.length
    if (left < 0) return false
    open.push(...children)
  }
  return true
}

/** The offset of the deepest node on the way to an issue; of the key itself when the key is wrong. */
const offsetOf = (document: Document.Parsed, { path, keys }: SchemaIssue): number => {
  let node: Node | null | undefined = document.contents
  let offset = node?.range?.[0] ?? 0
  for (const part of keys === undefined ? path : [...path, ...keys.slice(0, 1)]) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part)
      if (pair === undefined) break
      offset = (pair.key as Node).range?.[0] ?? offset
      node = pair.value as Node | null
    } else if (isNode(node) && 'items' in node) {
      node = node.items[part as number] as Node | undefined
      offset = node?.range?.[0] ?? offset
    } else break
  }
  return offset
}
