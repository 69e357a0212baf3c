import type { Console } from '../console/console.ts'
import type { ScreenImage } from '../console/screen-image.ts'
import { linesBefore, linesFrom } from '../console/lines.ts'
import { BootstandError, failedStatus } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { utf8AsBytes } from '../core/text.ts'
import { describeGrubFailure, grubFailure } from '../dumps/grub/grub-failure.ts'
import { longestDrawing, readGrubList, type GrubList } from './grub-screen.ts'

/** GRUB Legacy as a person meets it on a serial console. */
export interface Grub {
  /** Waits for the menu. Gives the titles that are visible. */
  readonly menu: () => Promise<readonly string[]>
  /**
   * Boots the entry of a title.
   *
   * @throws {BootstandError} when the menu has none.
   */
  readonly pick: (title: string) => Promise<void>
  /**
   * Changes lines of an entry in GRUB's editor, for this boot only, and boots it.
   *
   * @param changes New lines by the old ones, as the editor shows them.
   * @throws {BootstandError} when the entry has no such line.
   */
  readonly edit: (title: string, changes: Readonly<Record<string, string>>) => Promise<void>
  /** Leaves the menu for GRUB's prompt, `grub>`. */
  readonly prompt: () => Promise<void>
  /**
   * Gives a command at the prompt.
   *
   * @returns the lines that GRUB answered.
   * @throws {BootstandError} when it answered with an error.
   */
  readonly command: (text: string) => Promise<readonly string[]>
}

const keys = { up: '^', down: 'v', enter: '\r', edit: 'e', boot: 'b', prompt: 'c' } as const

/** In the line editor: to the line's beginning, then cut what follows. */
const emptyLine = '\x01\x0b'

/**
 * Drives GRUB Legacy on a console: `grubOn(target.com1).pick('L4 pingpong')`. The target was booted with
 * `from: 'loader'`, by a menu with `serial` and `terminal` lines and enough `timeout`.
 */
export const grubOn = (console: Console): Grub => {
  const read = (image: ScreenImage): GrubList | undefined => readGrubList(image, lastDrawn(console))

  const list = async (kind: GrubList['kind']): Promise<GrubList> =>
    await console.waitUntilShown(kindNames[kind], (image, settled) => {
      const found = read(image)
      if (settled && found === undefined) assertStillThere(console)
      return found?.kind === kind ? found : undefined
    })

  /** Presses a key and waits until the list has changed by it. */
  const press = async (key: string, before: GrubList): Promise<GrubList> => {
    await console.type(key)
    return await console.waitUntilShown(`another line highlighted after "${key}"`, (image) => {
      const found = read(image)
      return found === undefined || isSame(found, before) ? undefined : found
    })
  }

  /** Moves to a row by its text, as far as GRUB shows it. */
  const highlight = async (kind: GrubList['kind'], text: string): Promise<GrubList> => {
    const seen = new Set<string>()
    let now = await list(kind)
    let down = true
    for (;;) {
      for (const row of now.rows) seen.add(row)
      const target = now.rows.findIndex((row) => isRow(row, text))
      if (target === now.highlighted) return now
      const canGo = { up: now.goesOn.up, down: now.goesOn.down }
      if (target === -1 && down && !canGo.down) down = false
      if (target === -1 && !down && !canGo.up) throw noSuchRow(kind, text, [...seen])
      const isBelow = target === -1 ? down : target > now.highlighted
      now = await press(isBelow ? keys.down : keys.up, now)
    }
  }

  const editLine = async (from: string, to: string): Promise<void> => {
    await highlight('editor', from)
    await console.type(keys.edit)
    await console.waitUntilShown(`GRUB's line editor with "${from}"`, ({ lines, cursor }) =>
      lines[cursor?.row ?? -1]?.startsWith('grub edit> ') ? true : undefined,
    )
    await console.type(`${emptyLine}${to}${keys.enter}`)
    await console.waitUntilShown(`"${to}" in GRUB's editor`, (image) => {
      const found = read(image)
      if (found?.kind !== 'editor') return undefined
      return isRow(found.rows[found.highlighted] ?? '', to) ? true : undefined
    })
  }

  const awaitPrompt = async (): Promise<number> => {
    await console.waitUntilShown("GRUB's prompt", ({ lines, cursor }) =>
      cursor?.column === prompt.length && `${lines[cursor.row]} ` === prompt ? true : undefined,
    )
    return console.transcript.size
  }

  return {
    menu: async () => (await list('menu')).rows,
    pick: async (title) => {
      await highlight('menu', title)
      await console.type(keys.enter)
      // A long title goes on in the next line.
      await console.waitFor(/Booting '/)
    },
    edit: async (title, changes) => {
      await highlight('menu', title)
      await console.type(keys.edit)
      await list('editor')
      for (const [from, to] of Object.entries(changes)) await editLine(from, to)
      await console.type(keys.boot)
      await console.waitFor(/Booting command-list/)
    },
    prompt: async () => {
      await list('menu')
      await console.type(keys.prompt)
      await awaitPrompt()
    },
    command: async (text) => {
      const from = await awaitPrompt()
      await console.type(`${text}${keys.enter}`)
      // The prompt stands there already: what counts is the next one.
      await console.waitUntilShown(`GRUB's prompt after "${text}"`, ({ lines, cursor }) => {
        const printed = linesFrom(console.transcript, from).filter((it) => isPrompt(it))
        return printed.length > 0 && `${lines[cursor?.row ?? -1]} ` === prompt ? true : undefined
      })
      const answer = linesFrom(console.transcript, from)
        .slice(1)
        .filter((line) => line !== '' && !isPrompt(line))
      const failure = grubFailure(answer)
      if (failure === undefined) return answer
      throw new BootstandError(
        'BOOTSTAND_GRUB',
        'bootset',
        `${describeGrubFailure({ ...failure, command: text })}.`,
        { exitStatus: failedStatus },
      )
    },
  }
}

/** The end of what made the console's screen, in Latin-1. */
const lastDrawn = ({ screen: { readTo }, transcript }: Console): string => {
  const from = Math.max(0, readTo - longestDrawing)
  return transcript
    .read(from)
    .subarray(0, readTo - from)
    .toString('latin1')
}

/** @throws {BootstandError} when GRUB has booted by itself. */
const assertStillThere = ({ role, transcript }: Console): void => {
  const booting = linesBefore(transcript, transcript.size).find((it) => / {2}Booting '/.test(it))
  if (booting === undefined) return
  throw new BootstandError(
    'BOOTSTAND_GRUB',
    'bootset',
    `GRUB’s menu on ${role} is gone: GRUB has gone on by itself (${booting.trim()}). Give the menu more ` +
      "`timeout`, or boot a generated one with from: 'menu'.",
    { exitStatus: failedStatus },
  )
}

const prompt = 'grub> '
const kindNames = { menu: "GRUB's menu", editor: "GRUB's editor" } as const

const isPrompt = (line: string): boolean => line.startsWith(prompt)

/** A drawn row ends at the box's edge. */
const narrowest = 60

const isRow = (row: string, text: string): boolean =>
  [text.trim(), asDrawn(text.trim())].some(
    (wanted) => row === wanted || (row.length >= narrowest && wanted.startsWith(row.slice(0, -1))),
  )

/** The bytes of a text as a screen has them: Latin-1, without control characters of eight bits. */
const asDrawn = (text: string): string => utf8AsBytes(text).replaceAll(/[\x80-\x9f]/g, '\ufffd')

const isSame = (a: GrubList, b: GrubList): boolean =>
  a.kind === b.kind && a.highlighted === b.highlighted && a.rows.join('\n') === b.rows.join('\n')

const noSuchRow = (
  kind: GrubList['kind'],
  text: string,
  rows: readonly string[],
): BootstandError => {
  const what = kind === 'menu' ? 'menu has no entry' : 'entry has no line'
  return new BootstandError(
    'BOOTSTAND_ENTRY',
    'usage',
    `GRUB’s ${what} "${text}".${didYouMean(text, rows)} It shows: ${rows.join(', ')}.`,
    { exitStatus: failedStatus },
  )
}
