import { eachKickstart, shown, type Complaint, type Rule } from '../rule.ts'
import { partOf, type Word } from '../../formats/menu/span.ts'
import type { EntryView, ImageView } from '../subject.ts'

/** Options of kickstart with what it reads behind the `=`: user/util/kickstart/mbi-loader.cc. */
const options: Readonly<Record<string, RegExp>> = {
  'kmem=': /^[0-9]+[KMG]?$/,
  'maxmem=': /^[0-9]+[KMG]?$/,
  'bootinfo=': /^(?:yes|on|enable|no|off|disable)$/,
  'mbi=': /^(?:yes|on|enable|no|off|disable)$/,
  'decode-all=': /^(?:yes|on|enable|no|off|disable)$/,
}
const names = Object.keys(options)

const wordsOf = ({ command, image }: ImageView): readonly Word[] =>
  command.words.slice(image.file === undefined ? 0 : command.words.indexOf(image.file))

/** kickstart looks for its options by strstr, in the file's name too. */
const checkInside = ({ kernel }: EntryView): Complaint[] =>
  wordsOf(kernel!).flatMap((word) => {
    const name = names.find((it) => word.text.indexOf(it) > 0)
    if (name === undefined) return []
    const message = `Expected "${name}" only at the start of a word, found it inside ${shown(word.text)}.`
    return [{ at: word, message }]
  })

const checkValue = ({ kernel }: EntryView): Complaint[] =>
  wordsOf(kernel!).flatMap((word) => {
    const name = names.find((it) => word.text.startsWith(it))
    if (name === undefined || options[name]!.test(word.text.slice(name.length))) return []
    const expected = name.endsWith('mem=')
      ? 'a decimal number with K, M, G or nothing'
      : 'yes or no'
    const at = partOf(word, name.length)
    return [{ at, message: `Expected ${expected} behind "${name}", found ${shown(at.text)}.` }]
  })

const checkMisplaced = ({ modules }: EntryView): Complaint[] =>
  modules.slice(0, 3).flatMap((module) =>
    wordsOf(module)
      .slice(1)
      .filter(({ text }) => /^(?:kmem|maxmem|decode-all)=/.test(text))
      .map((at) => ({
        at,
        message: `Expected ${shown(at.text)} on the line of kickstart, found it on a module's.`,
      })),
  )

export const kickstartRules: readonly Rule[] = [
  {
    id: 'kickstart-option-in-word',
    severity: 'warning',
    trips: 'an option of kickstart inside a longer word of its line, such as `xkmem=1M`',
    why: 'kickstart searches its whole line for the option and obeys it.',
    check: eachKickstart(checkInside),
  },
  {
    id: 'kickstart-option-value',
    severity: 'error',
    trips: 'an option of kickstart with a value that it does not understand, such as `kmem=40m`',
    why: 'kickstart reads decimal digits and one capital letter and leaves the rest: of `kmem=40m` it reserves 0 bytes. A word other than yes or no has no effect.',
    check: eachKickstart(checkValue),
  },
  {
    id: 'kickstart-option-on-module',
    severity: 'warning',
    trips:
      "kickstart's `kmem=`, `maxmem=` or `decode-all=` on the line of kernel, sigma0 or root task",
    why: 'kickstart reads options only on its own line; this one has no effect.',
    check: eachKickstart(checkMisplaced),
  },
]
