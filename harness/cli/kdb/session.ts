import type { BootedTarget } from '../../boot/target.ts'
import { linesFrom } from '../../console/lines.ts'
import { WaitError } from '../../console/wait-error.ts'
import { usablePattern } from '../../console/wait.ts'
import { BootstandError, failedStatus } from '../../core/errors.ts'
import { didYouMean } from '../../core/nearest.ts'
import { dumpFacts } from '../../diagnosis/dump-facts.ts'
import { hexOf } from '../../dumps/hex.ts'
import { factReader, type FactReader } from '../../diagnosis/fact-reader.ts'
import {
  addressesOf,
  symbolAddresses,
  type SymbolAddress,
} from '../../diagnosis/symbol-addresses.ts'
import type { Debugger } from '../../kernel/debugger/debugger.ts'
import type { Question, QuestionedDebugger, Reply } from '../../kernel/debugger/questions.ts'
import { explainLog } from '../../evidence/explain-log.ts'
import { readLog } from '../../evidence/read-log.ts'
import type { KdbView } from './view.ts'

/** What a session is made of. */
export interface SessionParts extends QuestionedDebugger {
  readonly target: BootedTarget
  readonly view: KdbView
  /** Lets the guest go on until its debugger has it again. */
  readonly goOn: (text: string | undefined) => Promise<void>
}

/** Commands in words to a kernel's debugger. */
export interface Session {
  /**
   * Does what a line says.
   *
   * @throws {BootstandError} when it says nothing that can be done, or there is no answer.
   */
  readonly perform: (line: string) => Promise<void>
  /** What a line may go on with, and the part of it that this replaces. */
  readonly complete: (line: string) => Promise<[string[], string]>
  /** Shows why the guest has stopped: since an offset of its console, or at all. */
  readonly tellStop: (from: number, options: { readonly isSeen: boolean }) => Promise<void>
}

/** A command of a session. */
interface Command {
  /** Such as `thread [ID]`. */
  readonly usage: string
  readonly help: string
  readonly completions?: () => Promise<readonly string[]>
  readonly run: (words: readonly string[], line: string) => Promise<void>
}

/** Begins a session with a debugger that has stopped its guest. */
export const kdbSession = (parts: SessionParts): Session => {
  const { target, debugger: known, questions, view } = parts
  const [console] = target.consoles
  const { transcript } = console!
  let showsRaw = true
  let isBusy = false
  /** The debugger answers one question at a time. */
  let completing: Promise<unknown> = Promise.resolve()

  const symbols = once(async () => await symbolAddresses(target.files))
  // The loader's lines stand at the beginning.
  const reader = once(async () => factReader(target.files, transcript.text(0)))

  const ask: Ask = async (line, question, reply, check) => {
    let from = transcript.size
    try {
      await check?.()
      from = transcript.size
      const { dumps, threads, told = [] } = await reply()
      const text = answerFrom(from, question)
      const facts = [...told, ...(await factsOf(dumps, await reader()))]
      view.answer({ command: line, text, dumps, ...(threads && { threads }), facts }, { showsRaw })
    } catch (error) {
      if (!(error instanceof WaitError) || error.failure !== 'deadline') throw error
      throw noAnswer(line, linesFrom(transcript, from).join('\n').trim())
    }
  }

  /** What was printed since, but for the prompt; somebody who types keys wants to know what is asked. */
  const answerFrom = (from: number, { takes }: Question): string => {
    const lines = linesFrom(transcript, from)
    return (takes === 'keys' ? lines : lines.slice(0, -1)).join('\n')
  }

  const tellStop: Session['tellStop'] = async (from, { isSeen }) => {
    const log = readLog(transcript.path)
    const { crashes } = await explainLog(log, target.files, [])
    const linesBefore = log.text.slice(0, from).split('\n').length
    const crash = crashes.findLast(({ lines }) => lines.last >= linesBefore)
    view.stop({ log: log.path, crash, isSeen })
  }

  /** What the guest printed since, the end of it where that is much. */
  const showPrinted = (line: string, from: number) => {
    const lines = linesFrom(transcript, Math.max(from, transcript.size - mostShown))
    view.answer({ command: line, text: lines.join('\n'), facts: [] }, { showsRaw: true })
  }

  const tell = (line: string, lines: readonly string[]) =>
    view.answer({ command: line, facts: [], lines }, { showsRaw })

  const commands: Readonly<Record<string, Command>> = {
    ...Object.fromEntries(
      questions.map((it) => [it.name, questionCommand(it, { ask, known, symbols })]),
    ),
    where: {
      usage: 'where ADDRESS|SYMBOL',
      help: 'what lies there: image, routine, source line',
      completions: async () => (await symbols()).map(({ name }) => name),
      run: async (words, line) => {
        const addresses = addressesOf(only(words, 'where ADDRESS|SYMBOL'), await symbols())
        const told = addresses.map((it) => ({ name: hexOf(it), at: { address: hexOf(it) } }))
        const facts = (await (await reader())(told, 'pistachio')).map((it) => {
          const { places = [], area } = it.instruction ?? {}
          const isKnown = places.length > 0 || area !== undefined
          return isKnown ? it : { name: it.name, text: 'nothing that was booted lies there' }
        })
        view.answer({ command: line, facts }, { showsRaw })
      },
    },
    explain: {
      usage: 'explain',
      help: 'what stopped the guest last',
      run: async () => await tellStop(0, { isSeen: false }),
    },
    continue: {
      usage: 'continue [TEXT]',
      help: 'goes on, until it stops, prints TEXT, or Ctrl-C breaks in',
      run: async (words, line) => {
        const text = words.length === 0 ? undefined : words.join(' ')
        if (text !== undefined) usablePattern(text)
        const from = transcript.size
        try {
          await parts.goOn(text)
        } finally {
          if (!view.isLive) showPrinted(line, from)
        }
        await tellStop(from, { isSeen: true })
      },
    },
    raw: {
      usage: 'raw on|off',
      help: 'whether answers are shown as printed, too',
      completions: async () => ['on', 'off'],
      run: async (words, line) => {
        const word = only(words, 'raw on|off')
        if (word !== 'on' && word !== 'off') throw wrong(`Expected raw on|off, found "${line}".`)
        showsRaw = word === 'on'
      },
    },
    help: {
      usage: 'help',
      help: 'this list',
      run: async (_, line) => {
        const rows = [...Object.values(commands), quit]
        const width = Math.max(...rows.map(({ usage }) => usage.length))
        tell(
          line,
          rows.map(({ usage, help }) => `${usage.padEnd(width)}  ${help}`),
        )
      },
    },
  }

  return {
    tellStop,
    perform: async (line) => {
      const [name = '', ...words] = line.trim().split(/\s+/)
      const command = Object.hasOwn(commands, name) ? commands[name] : undefined
      if (command === undefined) {
        const names = [...Object.keys(commands), 'quit']
        throw wrong(
          `No command is called "${name}".${didYouMean(name, names)} \`help\` lists them.`,
        )
      }
      isBusy = true
      try {
        await completing
        await command.run(words, line.trim())
      } finally {
        isBusy = false
      }
    },
    complete: async (line) => {
      const [name = '', ...words] = line.trimStart().split(/\s+/)
      if (words.length === 0) return [startingWith(name, [...Object.keys(commands), 'quit']), name]
      const word = words.at(-1)!
      // One that asks the debugger would speak in between.
      if (isBusy || words.length > 1 || !Object.hasOwn(commands, name)) return [[], word]
      const asked = commands[name]!.completions?.().catch(() => []) ?? Promise.resolve([])
      completing = asked
      const candidates = await asked
      return [startingWith(word, candidates), word]
    },
  }
}

/** Bytes. */
const mostShown = 65_536

const quit = { usage: 'quit', help: 'switches the machine off, as Ctrl-D does' }

/**
 * Asks, and shows what is answered.
 *
 * @param check What is to be known of the question before; not shown.
 */
type Ask = (
  line: string,
  question: Question,
  reply: () => Promise<Reply>,
  check?: () => Promise<void>,
) => Promise<void>

interface QuestionParts {
  readonly ask: Ask
  readonly known: Debugger
  readonly symbols: () => Promise<readonly SymbolAddress[]>
}

/** A question as a command, with what it takes read from words. */
const questionCommand = (question: Question, { ask, known, symbols }: QuestionParts): Command => {
  const { name, help } = question
  if (question.takes === 'nothing')
    return {
      usage: name,
      help,
      run: async (words, line) => {
        if (words.length > 0) throw wrong(`Expected nothing behind ${name}, found "${line}".`)
        await ask(line, question, question.ask)
      },
    }
  if (question.takes === 'thread')
    return {
      usage: `${name} [ID]`,
      help,
      completions: async () => (await known.threads()).map(({ id }) => id),
      run: async (words, line) => {
        const id = words.length === 0 ? undefined : only(words, `${name} [ID]`)
        const check = async () => {
          if (id !== undefined) await assertThread(id, known)
        }
        await ask(line, question, async () => await question.ask(id), check)
      },
    }
  if (question.takes === 'address')
    return {
      usage: `${name} ADDRESS|SYMBOL`,
      help,
      completions: async () => (await symbols()).map((it) => it.name),
      run: async (words, line) => {
        const address = oneAddress(only(words, `${name} ADDRESS|SYMBOL`), await symbols())
        await ask(line, question, async () => await question.ask(address))
      },
    }
  return {
    usage: `${name} K…`,
    help,
    run: async (words, line) => {
      if (words.length === 0) throw wrong(`Expected ${name} K…, found no keys.`)
      await ask(line, question, async () => await question.ask(words.map(keysOf)))
    },
  }
}

/** Debuggers may fault on a thread that is none. */
const assertThread = async (id: string, known: Debugger): Promise<void> => {
  if (/^(?:0x)?[0-9a-f]{1,8}$/i.test(id)) return
  const ids = (await known.threads()).flatMap((it) => [it.id, ...(it.name ? [it.name] : [])])
  if (ids.includes(id)) return
  throw wrong(
    `Expected a thread's id in hexadecimal digits or one of ${ids.join(', ')}, found "${id}".${didYouMean(id, ids)}`,
  )
}

const oneAddress = (word: string, symbols: readonly SymbolAddress[]): number => {
  const found = addressesOf(word, symbols)
  if (found.length === 1) return found[0]!
  const places = symbols
    .filter(({ address }) => found.includes(address))
    .map(({ image, name, address }) => `${image}:${name} at ${hexOf(address)}`)
  throw wrong(`"${word}" is ${[...new Set(places)].join(', ')}. Say which.`)
}

const only = (words: readonly string[], usage: string): string => {
  if (words.length === 1) return words[0]!
  throw wrong(
    `Expected ${usage}, found ${words.length === 0 ? 'nothing' : `"${words.join(' ')}"`} behind it.`,
  )
}

/** Dumps told in facts, with what lies at their addresses. */
const factsOf = async (dumps: Reply['dumps'], read: FactReader) => {
  const facts = []
  for (const dump of dumps) facts.push(...(await read(dumpFacts(dump), dump.system)))
  return facts
}

const escapes: Readonly<Record<string, string>> = {
  r: '\r',
  n: '\n',
  t: '\t',
  b: '\b',
  s: ' ',
  e: '\x1b',
  '\\': '\\',
}

/** Keys as somebody writes them: `\r`, `\s`, `\x07`. */
const keysOf = (word: string): string =>
  word.replaceAll(
    /\\(?:x(?<code>[0-9a-f]{2})|(?<name>[rntbse\\]))/gi,
    (_, code: string | undefined, name: string | undefined) =>
      code === undefined
        ? escapes[name!.toLowerCase()]!
        : String.fromCodePoint(Number.parseInt(code, 16)),
  )

/** Completions that a terminal can show; of too many what they have in common. */
const startingWith = (word: string, candidates: readonly string[]): string[] => {
  const fitting = [...new Set(candidates)].filter((it) => it.startsWith(word))
  if (fitting.length <= mostCompletions) return fitting
  const common = fitting.reduce((prefix, it) => {
    let length = 0
    while (length < prefix.length && prefix[length] === it[length]) length += 1
    return prefix.slice(0, length)
  })
  return common.length > word.length ? [common] : []
}

const mostCompletions = 100

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return async () => await (made ??= make())
}

const wrong = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_COMMAND', 'usage', message)

const noAnswer = (line: string, printed: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_DEBUGGER',
    'guest',
    [
      `The debugger did not ask for more after \`${line}\`: it may not know the key${printed === '' ? ', and printed nothing.' : '. It printed:'}`,
      ...(printed === '' ? [] : [printed]),
    ].join('\n'),
    { exitStatus: failedStatus },
  )
