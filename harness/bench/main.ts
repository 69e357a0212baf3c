import { firstLine } from './first-line.ts'
import { menu } from './menu.ts'
import { media } from './media.ts'
import { transports } from './transport.ts'

/** `npm run bench [-- name …]`: every row is a ratio within one run. */
const benches: Readonly<Record<string, (images: string | undefined) => Promise<void>>> = {
  'first-line': firstLine,
  menu,
  media,
  transport: transports,
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benches)
for (const name of names) {
  const bench = benches[name]
  if (bench === undefined) {
    process.stderr.write(
      `No bench is called "${name}". There are: ${Object.keys(benches).join(', ')}.\n`,
    )
    process.exit(2)
  }
  await bench(process.env['BOOTSTAND_IMAGES'])
}
