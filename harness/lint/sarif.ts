import type { Finding } from './finding.ts'
import { everyRule } from './every-rule.ts'

/** A menu, or a kernel's configuration, and what was found in it. */
export interface LintedMenu {
  /** As the user would type it. */
  readonly path: string
  readonly findings: readonly Finding[]
}

/** The findings as SARIF 2.1.0 (OASIS), section 3: the fewest properties that make it valid and useful. */
export const sarifOf = (menus: readonly LintedMenu[], version: string) => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: {
          name: 'bootstand lint',
          version,
          rules: everyRule.map(({ id, trips, why, severity }) => ({
            id,
            shortDescription: { text: trips },
            fullDescription: { text: why },
            defaultConfiguration: { level: severity },
          })),
        },
      },
      columnKind: 'utf16CodeUnits',
      results: menus.flatMap((menu) => menu.findings.map((it) => result(menu.path, it))),
    },
  ],
})

const result = (path: string, { rule, severity, message, why, line, column }: Finding) => ({
  ruleId: rule,
  ruleIndex: everyRule.findIndex((it) => it.id === rule),
  level: severity,
  message: { text: literal(`${message} ${why}`) },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/') },
        region: { startLine: line, startColumn: column },
      },
    },
  ],
})

/** Section 3.11.5: a brace that begins no placeholder is doubled. */
const literal = (text: string): string => text.replaceAll(/[{}]/g, '$&$&')
