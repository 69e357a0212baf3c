import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach } from 'vitest'
import { Console, type ConsoleParts } from '../console/console.ts'
import { Transcript } from '../console/transcript.ts'
import type { WaitError } from '../console/wait-error.ts'
import { grubStops } from '../kernel/grub.ts'
import { pistachioProfile } from '../kernel/pistachio.ts'

/** A folder of the test's own. Transcripts lie in it, and it goes with the test. */
let folder: string
const open: Transcript[] = []

/** Lets the tests of a file open consoles. */
export const useConsoles = (): void => {
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-console-'))
  })
  afterEach(async () => {
    for (const transcript of open.splice(0))
      await transcript.close({ what: 'over', culprit: 'host' })
    fs.rmSync(folder, { recursive: true })
  })
}

/** A console whose guest is the test itself. */
export const openConsole = (parts: Partial<ConsoleParts> = {}) => {
  const file = path.join(folder, `herc-${open.length}.out`)
  fs.writeFileSync(file, '')
  const started = performance.now()
  const transcript = new Transcript(file, 'herc', () => performance.now() - started)
  open.push(transcript)
  const typed: string[] = []
  const waits: (WaitError | undefined)[] = []
  const console = new Console({
    role: 'herc',
    transcript,
    stops: [...grubStops(), ...pistachioProfile.stops],
    send: async (bytes, onSent) => {
      onSent(bytes)
      typed.push(bytes.toString('latin1'))
    },
    onWaited: (error) => {
      waits.push(error)
    },
    ...parts,
  })
  const print = (text: string | Buffer) => {
    fs.appendFileSync(file, typeof text === 'string' ? Buffer.from(text, 'latin1') : text)
  }
  /** Prints, and waits until it was seen: what is printed next is another piece. */
  const printPiece = async (text: string | Buffer) => {
    const end = transcript.size + text.length
    print(text)
    while (transcript.size < end) await transcript.growth(transcript.size)
    // Whoever waits looks at it before the next one comes.
    await nextTurn()
  }
  return { console, file, print, printPiece, typed, waits, transcript }
}

/** How a wait fails. */
export const failureOf = async (wait: Promise<unknown>): Promise<WaitError> =>
  await wait.then(
    () => {
      throw new Error('the wait did not fail')
    },
    (error: unknown) => error as WaitError,
  )
