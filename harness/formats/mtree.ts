/** A file as a manifest has it: mtree(5). */
export interface MtreeRecord {
  /** Counts from 1; of a continued line, its first. */
  readonly line: number
  /** From the root, without a slash before it; the root itself is empty. */
  readonly path: string
  /** Its own and those that `/set` gave it. A keyword without a value has the empty one. */
  readonly keywords: ReadonlyMap<string, string>
}

/** A manifest, or the first line that mtree(5) does not know. */
export type Mtree =
  | { readonly records: readonly MtreeRecord[] }
  | { readonly line: number; readonly defect: string }

/**
 * Reads a manifest of mtree(5): names below the directory that was entered last, or paths from the root.
 *
 * @param bytes One character a byte, as names are.
 */
export const parseMtree = (bytes: string): Mtree => {
  const records: MtreeRecord[] = []
  const defaults = new Map<string, string>()
  let folder: string[] = []
  for (const { line, words } of logicalLines(bytes)) {
    const [name = '', ...rest] = words
    const given = rest.map(keyword)
    if (name === '/set') for (const [key, value] of given) defaults.set(key, value)
    else if (name === '/unset') for (const [key] of given) defaults.delete(key)
    else if (name === '..') folder = folder.slice(0, -1)
    else {
      const parts = unescaped(name)
        .split('/')
        .filter((it) => it !== '' && it !== '.')
      if (parts.includes('..'))
        return { line, defect: `expected a path without "..", found ${name}` }
      const keywords = new Map([...defaults, ...given])
      // A name with a slash says the whole path, and enters no directory.
      const isWhole = name.includes('/')
      const path = isWhole ? parts : [...folder, ...parts]
      if (!isWhole && keywords.get('type') === 'dir') folder = path
      records.push({ line, path: fromBytes(path.join('/')), keywords })
    }
  }
  return { records }
}

/** A value of a keyword, such as a file's name, as it is meant. */
export const mtreeText = (value: string): string => fromBytes(unescaped(value))

/** A name as mtree(5) takes it: bytes that are no visible ASCII in octal. */
export const mtreeName = (text: string): string =>
  Array.from(Buffer.from(text), (byte) =>
    byte > 0x20 && byte < 0x7f && !'\\#*?[]='.includes(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  ).join('')

const logicalLines = function* (text: string): Generator<{ line: number; words: string[] }> {
  let held = ''
  let first = 1
  for (const [index, line] of text.split('\n').entries()) {
    if (held === '') first = index + 1
    if (line.endsWith('\\')) {
      held += `${line.slice(0, -1)} `
      continue
    }
    const whole = (held + line).trim()
    held = ''
    if (whole !== '' && !whole.startsWith('#')) yield { line: first, words: whole.split(/\s+/) }
  }
}

const keyword = (word: string): [string, string] => {
  const at = word.indexOf('=')
  return at === -1 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)]
}

/** Escapes of vis(3), as libarchive reads them. */
const escapes: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', s: ' ', t: '\t', v: '\v' },
  ...{ '\\': '\\', '#': '#' },
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\(?:([0-3][0-7]{2})|(.))/g, (whole, octal?: string, letter?: string) =>
    octal === undefined
      ? (escapes[letter!] ?? whole)
      : String.fromCharCode(Number.parseInt(octal, 8)),
  )

const fromBytes = (text: string): string => Buffer.from(text, 'latin1').toString('utf8')
