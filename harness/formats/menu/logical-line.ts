/** Bytes of a line that GRUB keeps: NEW_HEAPSIZE of stage2/shared.h, measured too. */
export const longestMenuLine = 1500

/** A line as GRUB reads it, of one or, with backslashes, several lines of the file. */
export interface LogicalLine {
  readonly kind: 'blank' | 'comment' | 'command'
  /** Offset behind the line's end. */
  readonly end: number
  /** What GRUB reads: leading blanks gone, tabs made blanks, continued lines joined by a blank. */
  readonly text: string
  /** Offset in the file of a character of `text`. */
  readonly offsetOf: (index: number) => number
  readonly cut: MenuCut | undefined
}

/** Why GRUB does not see a line's rest. `length`: its buffer is full. `nul`: a NUL byte ends it. */
export type MenuCut = 'length' | 'nul'

/** Reads the line that begins at an offset, by the rules of get_line_from_config in stage2/stage2.c. */
export const readLogicalLine = (file: string, start: number): LogicalLine => {
  const newline = file.indexOf('\n', start)
  const end = newline === -1 ? file.length : newline + 1
  const raw = file.slice(start, newline === -1 ? end : newline)
  const isSimple = raw.length <= longestMenuLine && !/[\\\r\t\0]/.test(raw)
  return isSimple ? simpleLine(raw, start, end) : readByteByByte(file, start)
}

const simpleLine = (raw: string, start: number, end: number): LogicalLine => {
  const text = raw.replace(/^ +/, '')
  const first = start + raw.length - text.length
  const kind = text === '' ? 'blank' : text.startsWith('#') ? 'comment' : 'command'
  return { kind, end, text, offsetOf: (index) => first + index, cut: undefined }
}

/** What GRUB has of a line while it reads on. */
interface Reader {
  readonly characters: string[]
  readonly offsets: number[]
  isComment: boolean
  isTooLong: boolean
}

const readByteByByte = (file: string, start: number): LogicalLine => {
  const reader: Reader = { characters: [], offsets: [], isComment: false, isTooLong: false }
  let isEscaped = false
  let offset = start
  for (; offset < file.length; offset++) {
    const character = file[offset]!
    if (character === '\r') continue
    if (character === '\n' && !isEscaped) break
    if (character === '\n') {
      // Its backslash goes; of a full line it is the last character kept that goes.
      reader.characters.pop()
      reader.offsets.pop()
    }
    take(reader, character === '\t' || character === '\n' ? ' ' : character, offset)
    // A backslash behind a backslash joins lines too.
    isEscaped = character === '\\'
  }
  return finish(reader, Math.min(offset + 1, file.length))
}

const take = (reader: Reader, character: string, offset: number): void => {
  if (reader.isComment) return
  if (reader.characters.length === 0) {
    if (character === '#') reader.isComment = true
    if (character === '#' || character === ' ') return
  }
  if (reader.characters.length >= longestMenuLine) {
    reader.isTooLong = true
    return
  }
  reader.characters.push(character)
  reader.offsets.push(offset)
}

const finish = (
  { characters, offsets, isComment, isTooLong }: Reader,
  end: number,
): LogicalLine => {
  const kind = isComment ? 'comment' : characters.length === 0 ? 'blank' : 'command'
  const nul = characters.indexOf('\0')
  return {
    kind,
    end,
    text: characters.slice(0, nul === -1 ? undefined : nul).join(''),
    offsetOf: (index) => offsets[index]!,
    cut: nul !== -1 ? 'nul' : isTooLong ? 'length' : undefined,
  }
}
