import os from 'node:os'
import { readableText, visibleText, withoutTabs, wrapped } from '../core/text.ts'
import type { BugReport, Told } from './bug-report.ts'
import { crashRows } from './crash-text.ts'
import { placeholders } from './repeat-lines.ts'

/** Columns of a mail. */
const width = 78
const label = 12

/** A bug report to paste, in 78 columns but for what was printed or must be copied. */
export const bugReportText = (report: BugReport): string => {
  const { microkernel, machine, symptoms } = report
  const sections: readonly (readonly [heading: string, lines: readonly string[]])[] = [
    [
      'Microkernel',
      [
        ...row('name', microkernel.name),
        ...row('version', microkernel.version),
        ...row('built', microkernel.built),
        ...report.others.flatMap(({ part, name, version, built }) =>
          row(
            part === 'loader' ? 'loader' : 'on it',
            phrase(name, version, built && `built ${built}`),
          ),
        ),
      ],
    ],
    ['Compilers', compilerRows(report)],
    [
      'Configuration',
      [
        ...row('emulator', machine.emulator),
        ...row('memory', machine.memory),
        ...row('processors', machine.processors),
        ...row('booted by', machine.method),
        ...row('bootstand', machine.bootstand),
        ...('unknown' in report.entry
          ? row('menu entry', report.entry)
          : ['  menu entry', ...report.entry.map((it) => `    ${visibleText(readableText(it))}`)]),
        ...imageRows(report),
      ],
    ],
    [
      'Symptoms',
      [
        ...row('outcome', symptoms.outcome),
        ...row('culprit', symptoms.culprit),
        ...row('in short', symptoms.summary),
        ...row('came to', symptoms.phase),
        ...(report.examination === undefined ? [] : row('examined', report.examination)),
        ...report.stops.flatMap((it, index) => row(index === 0 ? 'seen' : '', it)),
      ],
    ],
    ['Captured output', outputLines(report)],
    ['Addresses', crashLines(report)],
    [
      "The debugger's answers",
      report.interrogation.length === 0
        ? ['  none: the debugger was not asked, or has not answered']
        : report.interrogation.flatMap((it) => wrappedItem('- ', it)),
    ],
    [
      'Advice',
      report.findings.length === 0
        ? ['  none: nothing was found that has a known cure']
        : report.findings.flatMap(({ advice, source }) =>
            wrappedItem('- ', `${advice} (${source})`),
          ),
    ],
    [
      'How to repeat',
      report.repeat.length === 0
        ? ['  unknown: the run has left no verdict.json']
        : [...report.repeat.flatMap(commandLines), ...placeRows(report)],
    ],
  ]
  const head = [...wrapped(visibleText(report.title), width), '', ...row('run', report.run)]
  const text = [
    ...head,
    ...(report.recorded === undefined ? [] : row('recorded', `in its ${report.recorded}`)),
    ...row('booted at', report.startedAt),
    ...sections.flatMap(([heading, lines]) => ['', heading, ...lines]),
  ]
  return withoutHome(text.map((it) => `${it.trimEnd()}\n`).join(''))
}

/** What RUN and DIR stand for, where the commands have them. */
const placeRows = ({ repeat }: BugReport): string[] =>
  Object.entries(placeholders)
    .filter(([name]) => repeat.some((it) => new RegExp(String.raw`\b${name}\b`).test(it)))
    .map(([name, place]) => `  ${name} is ${place}.`)

const toldText = (told: Told): string =>
  typeof told === 'string' ? told : `unknown: ${told.unknown}`

const phrase = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((it) => it !== undefined).join(', ')

const row = (name: string, told: Told): string[] =>
  wrapped(visibleText(toldText(told)), width - label - 2).map(
    (line, index) => `  ${(index === 0 ? name : '').padEnd(label)}${line}`,
  )

const wrappedItem = (sign: string, text: string): string[] =>
  wrapped(visibleText(text), width - 2 - sign.length).map(
    (line, index) => `  ${index === 0 ? sign : ' '.repeat(sign.length)}${line}`,
  )

const compilerRows = ({ microkernel, images, others }: BugReport): string[] => [
  ...row('microkernel', microkernel.compiler),
  ...('unknown' in images
    ? row('programs', images)
    : images
        .filter(({ part }) => part !== 'kernel')
        .flatMap(({ part, name, compiler }) => row(part, `${name}: ${toldText(compiler)}`))),
  ...others.flatMap(({ name, compiler }) => (compiler === undefined ? [] : row(name, compiler))),
]

const imageRows = ({ images }: BugReport): string[] =>
  'unknown' in images
    ? row('modules', images)
    : [
        '  modules, in their order',
        ...images.flatMap(({ part, name, size, arguments: words, sha256 }) => [
          ...wrappedItem(
            '  ',
            phrase(`${name} (${part})`, `${size} bytes`, words === '' ? undefined : `"${words}"`),
          ),
          `      sha256 ${toldText(sha256)}`,
        ]),
      ]

const outputLines = ({ output, run }: BugReport): string[] => [
  ...output.flatMap(({ console: role, file, lines, excerpts }) =>
    lines === 0
      ? [`  ${role} printed nothing.`]
      : excerpts.flatMap(({ first, lines: some }) => [
          `  ${role}, lines ${first} to ${first + some.length - 1} of ${lines} (${file})`,
          ...some.map((it) => `  | ${visibleText(withoutTabs(it))}`),
        ]),
  ),
  ...wrapped(`The rest lies in the run folder ${run}.`, width - 2).map((it) => `  ${it}`),
]

const crashLines = ({ crashes, interrogation }: BugReport): string[] => {
  // What the debugger was asked stands in a section of its own.
  const isNews = (answer: string) => !interrogation.some((it) => it.endsWith(answer))
  return crashes.length === 0
    ? ['  none: no stop was found that names an address']
    : crashes.flatMap((same, index) => [
        ...(index === 0 ? [] : ['']),
        ...wrapped(visibleText(same[0]!.title), width - 2).map((it) => `  ${it}`),
        ...crashRows(same.map((it) => ({ ...it, answers: it.answers.filter(isNews) }))).flatMap(
          ([name, value]) => row(name, value),
        ),
      ])
}

/** A shell's line, broken where the shell takes it all the same. */
const commandLines = (line: string): string[] =>
  line.includes("'")
    ? [`  ${line}`]
    : wrapped(line, width - 6).map((it, index, all) => {
        const end = index === all.length - 1 ? '' : ' \\'
        return `${index === 0 ? '  ' : '    '}${it}${end}`
      })

/** Whoever reads it need not know whose home it was. */
const withoutHome = (text: string): string => {
  const home = os.homedir()
  return home.length > 1 ? text.replaceAll(`${home}/`, '~/') : text
}
