import { longestMenuLine } from '../../formats/menu/logical-line.ts'
import { commandNamed } from '../../formats/menu/commands/table.ts'
import { withArguments, withWord } from '../../formats/menu/edit.ts'
import { printMenu } from '../../formats/menu/menu-file.ts'
import type { CommandStatement } from '../../formats/menu/statement.ts'
import { byteOrderMark, eachKickstart, shown, type Complaint, type Rule } from '../rule.ts'
import type { EntryView, Subject } from '../subject.ts'

/** STRING_BUFFER_SIZE of kickstart; each line takes a byte more for its end. */
const stringBuffer = 4096

const commands = ({ file }: Subject): CommandStatement[] =>
  file.statements.filter((it) => it.kind === 'command')

const checkTogether = ({ kernel, modules }: EntryView): Complaint[] => {
  const lines = [...(kernel === undefined ? [] : [kernel]), ...modules]
  const total = lines.reduce((sum, { image }) => sum + image.commandLine.length + 1, 0)
  if (total <= stringBuffer) return []
  const message = `Expected at most ${stringBuffer} bytes in all command lines together, found ${total}.`
  return [{ at: kernel!.command, message }]
}

/** Commands that print what they are given. */
const printed = new Set(['title', 'print', 'pause', 'password'])

const checkComment = (statement: CommandStatement): Complaint[] => {
  const { words, name } = statement
  const word =
    words.find(({ text }) => text === '#') ?? words.find(({ text }) => text.startsWith('#'))
  if (word === undefined || name === undefined || printed.has(name)) return []
  const message = `Expected comments on lines of their own, found ${shown(word.text)} behind "${statement.word.text}".`
  // "#x" may be meant as an argument; "# x" is a comment. Continued lines may hold more than that.
  const isContinued = statement.source.trimEnd().includes('\n')
  if (word.text !== '#' || word === words[0] || isContinued) return [{ at: word, message }]
  const text = statement.arguments.text
  const kept = text.slice(0, text.search(/ #(?: |$)/)).trimEnd()
  return [
    {
      at: word,
      message,
      fix: {
        description: 'Remove the comment.',
        changes: () => [withArguments(statement, kept)],
      },
    },
  ]
}

/** The end of a menu without the NULs at its end: they may be the rest of a block, and the menu before them right. */
const endOfText = (text: string): number => {
  let end = text.length
  while (text[end - 1] === '\0') end--
  return end
}

/** One NUL may be a slip of an editor; more are a program, or text of two bytes a character. */
const fewNuls = 8

const checkText = ({ file }: Subject): Complaint[] => {
  const text = printMenu(file)
  const nuls = text.slice(0, endOfText(text)).split('\0').length - 1
  if (nuls < fewNuls) return []
  const found = /^(?:\xff\xfe|\xfe\xff)/.test(text) ? 'text in UTF-16' : 'no text'
  const message = `Expected text of one byte a character, found ${found}: ${nuls} NUL bytes.`
  return [{ at: { start: 0, end: 1, line: 1, column: 1 }, message }]
}

const checkMark = ({ file }: Subject): Complaint[] => {
  const [first] = file.statements
  if (first?.kind !== 'command' || !first.word.text.startsWith(byteOrderMark)) return []
  const word = first.word.text.slice(byteOrderMark.length)
  const message = `Expected ${shown(word)} as the first word, found the byte order mark of UTF-8 before it.`
  const fix = {
    description: 'Remove the byte order mark.',
    changes: () => [withWord(first, word)],
  }
  return [{ at: first.word, message, ...(commandNamed(word) !== undefined && { fix }) }]
}

export const lineRules: readonly Rule[] = [
  {
    id: 'not-text',
    severity: 'error',
    trips: `${fewNuls} NUL bytes or more, as in a program or in text of UTF-16; nothing else is looked for`,
    why: 'GRUB sees of each line what is before its first NUL, and skips what is no command.',
    alone: true,
    check: checkText,
  },
  {
    id: 'byte-order-mark',
    severity: 'error',
    trips: 'the byte order mark of UTF-8 before the first word',
    why: 'GRUB takes it for a part of the word, knows no such command, and skips the line without a word.',
    fix: 'the mark goes, if a command follows',
    check: checkMark,
  },
  {
    id: 'line-too-long',
    severity: 'error',
    trips: `a line of more than ${longestMenuLine} characters, continued lines together`,
    why: 'GRUB cuts it without a word; the arguments at its end are lost.',
    check: (subject) =>
      commands(subject)
        .filter((it) => it.cut === 'length')
        .map((at) => ({
          at,
          message: `Expected at most ${longestMenuLine} characters in a line, found more.`,
        })),
  },
  {
    id: 'nul-in-line',
    severity: 'error',
    trips: 'a NUL byte in a line',
    why: 'GRUB does not see the rest of the line.',
    check: (subject) =>
      commands(subject)
        .filter((it) => it.cut === 'nul')
        .map((at) => ({ at, message: 'Expected a line of text, found a NUL byte in it.' })),
  },
  {
    id: 'command-lines-too-long',
    severity: 'error',
    trips: `command lines of kickstart and its modules of more than ${stringBuffer} bytes together`,
    why: 'kickstart prints "String buffer overrun" and "PANIC: FAIL in line …", and hangs.',
    check: eachKickstart(checkTogether),
  },
  {
    id: 'trailing-comment',
    severity: 'warning',
    trips: 'a `#` behind a command',
    why: 'GRUB knows comments only at the start of a line; it passes the words on as arguments.',
    fix: 'the comment goes, if a blank follows the `#`',
    check: (subject) => commands(subject).flatMap(checkComment),
  },
]
