/** One bootable entry of a GRUB Legacy menu. Paths are as on the medium, arguments verbatim. */
export interface MenuEntry {
  readonly title: string
  /** GRUB's device for relative paths, such as `(cd)`. */
  readonly root: string
  readonly kernel: MenuCommand
  readonly modules: readonly MenuCommand[]
}

export interface MenuCommand {
  readonly path: string
  readonly arguments: string
}

/** A serial line for GRUB to talk on. `unit` 0 is COM1; `speed` is in baud. */
export interface MenuSerial {
  readonly unit: number
  readonly speed: number
}

export interface Menu {
  readonly serial?: MenuSerial
  /** Seconds until the default entry boots. */
  readonly timeout: number
  readonly entries: readonly MenuEntry[]
}

/** GRUB 0.97 cuts a longer line without a word (measured: 1423 characters arrived whole, 1493 of 3000). */
export const longestMenuLine = 1423

const command = (word: string, { path, arguments: words }: MenuCommand): string =>
  words === '' ? `${word} ${path}` : `${word} ${path} ${words}`

const entryLines = (entry: MenuEntry): string[] => [
  `title ${entry.title}`,
  `root ${entry.root}`,
  command('kernel', entry.kernel),
  ...entry.modules.map((module) => command('module', module)),
]

const serialLines = ({ unit, speed }: MenuSerial): string[] => [
  `serial --unit=${unit} --speed=${speed} --word=8 --parity=no --stop=1`,
  // Without --dumb GRUB draws its menu with cursor moves, which no transcript reads well.
  'terminal --timeout=0 --dumb serial',
]

/** The text of a GRUB Legacy `menu.lst`. */
export const printMenu = (menu: Menu): string =>
  [
    ...(menu.serial === undefined ? [] : serialLines(menu.serial)),
    'default 0',
    `timeout ${menu.timeout}`,
    ...menu.entries.flatMap((entry) => ['', ...entryLines(entry)]),
    '',
  ].join('\n')
