import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseKernelConfig } from '../../formats/kernel-config.ts'
import { packageRoot } from '../../host/paths.ts'
import type { System } from './config-rule.ts'
import { lintConfig, systemsOf, type ConfigContext } from './lint-config.ts'
import { configRules } from './rules.ts'

/** A configuration of each system in which nothing is wrong; those of 2.4 have no version in their head. */
const right: Record<System, string> = {
  'l4linux-2.4': `# Automatically generated make config: don't edit
CONFIG_L4_TAMED=y
# CONFIG_MODVERSIONS is not set
CONFIG_BLK_DEV_RAM=y
CONFIG_BLK_DEV_RAM_SIZE=4096
CONFIG_BLK_DEV_INITRD=y
CONFIG_EXT2_FS=y
CONFIG_SERIAL=y
CONFIG_SERIAL_CONSOLE=y
`,
  l4linux: `# Linux kernel version: 2.6.26-l4
CONFIG_L4=y
CONFIG_L4_MEMSIZE=64
CONFIG_L4_FB_DRIVER=y
CONFIG_L4_SERIAL=y
CONFIG_L4_SERIAL_CONSOLE=y
CONFIG_X86=y
CONFIG_MODVERSIONS=y
CONFIG_BLK_DEV_INITRD=y
CONFIG_EXT2_FS=y
CONFIG_INPUT_EVDEV=m
CONFIG_INPUT_MOUSEDEV=y
# CONFIG_VGA_CONSOLE is not set
`,
  openmosix: `CONFIG_EXPERIMENTAL=y
CONFIG_MOSIX=y
CONFIG_MOSIX_DFSA=y
CONFIG_MOSIX_FS=y
CONFIG_PNP=y
CONFIG_ISAPNP=m
CONFIG_BLK_DEV_IDEDISK=y
CONFIG_BLK_DEV_SD=m
CONFIG_NE2000=y
CONFIG_PROC_FS=y
`,
  bproc: `CONFIG_BPROC=y
CONFIG_BLK_DEV_RAM=y
CONFIG_BLK_DEV_INITRD=y
CONFIG_EXT2_FS=m
CONFIG_ROMFS_FS=y
CONFIG_TMPFS=y
`,
}

/** For each rule a change of a right configuration that trips it: what is replaced, and by what. */
const cases: readonly [string, System, string, string, ConfigContext?][] = [
  ['config-malformed-line', 'openmosix', 'CONFIG_PNP=y', 'CONFIG_PNP=y\nCONFIG_PNP = n'],
  ['config-option-twice', 'openmosix', 'CONFIG_PNP=y', 'CONFIG_PNP=m\nCONFIG_PNP=y'],
  ['config-modversions', 'l4linux-2.4', '# CONFIG_MODVERSIONS is not set', 'CONFIG_MODVERSIONS=y'],
  ['config-ramdisk-memory', 'l4linux-2.4', '=4096', '=65536', { memory: 255 }],
  ['config-ramdisk-driver', 'l4linux-2.4', 'CONFIG_BLK_DEV_INITRD=y', ''],
  ['config-ramdisk-driver', 'l4linux-2.4', 'CONFIG_BLK_DEV_RAM=y', 'CONFIG_BLK_DEV_RAM=m'],
  ['config-ramdisk-file-system', 'l4linux', 'CONFIG_EXT2_FS=y', 'CONFIG_EXT2_FS=m'],
  ['config-serial-console', 'l4linux-2.4', 'CONFIG_SERIAL_CONSOLE=y', ''],
  ['config-l4-console', 'l4linux', /CONFIG_L4_(?:FB_DRIVER|SERIAL_CONSOLE)=y\n/g.source, ''],
  ['config-l4-serial', 'l4linux', 'CONFIG_L4_SERIAL=y', '# CONFIG_L4_SERIAL is not set'],
  ['config-l4-framebuffer', 'l4linux', '# CONFIG_VGA_CONSOLE is not set', 'CONFIG_VGA_CONSOLE=y'],
  ['config-l4-framebuffer-input', 'l4linux', 'CONFIG_INPUT_MOUSEDEV=y', ''],
  ['config-l4-memory', 'l4linux', '=64', '=65', { memory: 64 }],
  ['config-mosix-missing', 'openmosix', 'CONFIG_MOSIX=y', '# CONFIG_MOSIX is not set'],
  ['config-mosix-proc', 'openmosix', 'CONFIG_PROC_FS=y', ''],
  ['config-mosix-dfsa', 'openmosix', 'CONFIG_MOSIX_FS=y', ''],
  ['config-disk-driver', 'openmosix', 'CONFIG_BLK_DEV_IDEDISK=y', 'CONFIG_BLK_DEV_IDEDISK=m'],
  ['config-isa-module', 'openmosix', 'CONFIG_NE2000=y', 'CONFIG_NE2000=m'],
  ['config-plug-and-play', 'openmosix', 'CONFIG_ISAPNP=m', ''],
  ['config-experimental', 'openmosix', 'CONFIG_EXPERIMENTAL=y', ''],
  ['config-bproc-missing', 'bproc', 'CONFIG_BPROC=y', ''],
  ['config-bproc-ramdisk', 'bproc', 'CONFIG_TMPFS=y', ''],
]

const tripped = (system: System, replaced: string, by: string): string =>
  right[system].replaceAll(new RegExp(replaced, 'g'), by)

const found = (text: string, context: ConfigContext) => lintConfig(parseKernelConfig(text), context)

test.for(Object.entries(right) as [System, string][])(
  'a right configuration of %s is told by itself, and nothing is found in it',
  ([system, text]) => {
    expect(systemsOf(parseKernelConfig(text))).toEqual([system])
    expect(found(text, { memory: 64 })).toEqual([])
  },
)

test.for(cases)('%s finds what it is for (%s)', ([rule, system, replaced, by, context]) => {
  const text = tripped(system, replaced, by)
  expect(text).not.toBe(right[system])
  const rules = found(text, { systems: [system], ...context }).map((it) => it.rule)
  expect(rules).toEqual([rule, ...rules.slice(1).filter((it) => it === rule)])
})

test('every rule has a case, and no id twice', () => {
  const ids = configRules.map((it) => it.id)
  expect(new Set(cases.map(([rule]) => rule))).toEqual(new Set(ids))
  expect(new Set(ids).size).toBe(ids.length)
})

test('what is said of each case', async () => {
  const said = cases.map(([, system, replaced, by, context]) =>
    found(tripped(system, replaced, by), { systems: [system], ...context })
      .map(
        (it) => `${it.rule} ${it.line}:${it.column}+${it.length}\n  ${it.message}\n  ${it.why}\n`,
      )
      .join(''),
  )
  await expect(said.join('')).toMatchFileSnapshot(
    path.join(packageRoot, 'fixtures/menus/lint-config-messages.txt'),
  )
})

test('an option that is not there is told where the system shows', () => {
  const [finding] = found('\nCONFIG_L4_TAMED=y\n', {})
  expect(finding).toMatchObject({ rule: 'config-serial-console', line: 2, column: 1, length: 15 })
  expect(finding!.message).toBe(
    'Expected one of CONFIG_SERIAL_CONSOLE, CONFIG_SERIAL_8250_CONSOLE as =y, found no CONFIG_SERIAL_CONSOLE.',
  )
})

test('ext4 may stand in for ext2, built in where a ramdisk is the root', () => {
  const ext4 = (value: string) => `CONFIG_EXT4_USE_FOR_EXT2=y\nCONFIG_EXT4_FS=${value}`
  const rules = (system: System, by: string) =>
    found(tripped(system, 'CONFIG_EXT2_FS=[ym]', by), {}).map((it) => it.rule)
  expect(rules('l4linux', ext4('y'))).toEqual([])
  expect(rules('l4linux', ext4('m'))).toEqual(['config-ramdisk-file-system'])
  expect(rules('bproc', ext4('m'))).toEqual([])
})

test('the systems of newer kernels and of several at once are told', () => {
  const config = '# Linux/x86 4.15.0 Kernel Configuration\nCONFIG_L4=y\nCONFIG_BPROC=m\n'
  expect(systemsOf(parseKernelConfig(config))).toEqual(['l4linux', 'bproc'])
  expect(systemsOf(parseKernelConfig('# CONFIG_L4 is not set\nCONFIG_SMP=y\n'))).toEqual([])
})

test('whatever the bytes, every place lies in the text', () => {
  const lines = fc.constantFrom(
    'CONFIG_L4=y',
    '# CONFIG_PNP is not set',
    'CONFIG_A="a\\"b"',
    '#',
    'x',
  )
  const text = fc.array(fc.oneof(lines, fc.string({ unit: 'binary' }))).map((it) => it.join('\n'))
  fc.assert(
    fc.property(text, (it) => {
      const config = parseKernelConfig(it)
      for (const { at, name } of config.options) expect(it.slice(at.start, at.end)).toBe(name)
      for (const { line } of lintConfig(config, { systems: ['openmosix', 'l4linux-2.4'] })) {
        expect(line).toBeLessThanOrEqual(it.split('\n').length)
      }
    }),
  )
})

test('docs/lint-config.md has every rule as the code has it', () => {
  const text = fs.readFileSync(path.join(packageRoot, 'docs/lint-config.md'), 'utf8')
  expect(text.split('\n').filter((it) => it.startsWith('| `config-'))).toEqual(
    configRules.map(
      ({ id, severity, for: systems, trips, why, source }) =>
        `| \`${id}\` | ${severity} | ${systems.length === 4 ? 'all' : systems.join(', ')} | ${trips} | ${why} | ${source} |`,
    ),
  )
})
