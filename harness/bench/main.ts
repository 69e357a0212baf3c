import { confinement } from './confinement.ts'
import { deterministic } from './deterministic.ts'
import { board } from './board.ts'
import { explain } from './explain.ts'
import { firstLine } from './first-line.ts'
import { fork } from './fork.ts'
import { latency } from './latency.ts'
import { memory } from './memory.ts'
import { menu } from './menu.ts'
import { mutation } from './mutation.ts'
import { media } from './media.ts'
import { stress } from './stress.ts'
import { throughput } from './throughput.ts'
import { transports } from './transport.ts'

type Bench = (images: string | undefined, size?: number) => Promise<void>

/** `npm run bench [-- name [size] …]`: every row is a ratio within one run. */
const benches: Readonly<Record<string, Bench>> = {
  'first-line': firstLine,
  menu,
  media,
  transport: transports,
  throughput,
  latency,
  memory,
  mutation,
  explain,
  deterministic,
  board,
  stress,
  fork,
  confinement,
}

const words = process.argv.slice(2)
const sizeAfter = (at: number): number | undefined =>
  /^\d+$/.test(words[at + 1] ?? '') ? Number(words[at + 1]) : undefined
const named = words.flatMap((name, at) =>
  /^\d+$/.test(name) ? [] : [{ name, size: sizeAfter(at) }],
)
const all = Object.keys(benches).map((name) => ({ name, size: undefined }))

for (const { name, size } of named.length > 0 ? named : all) {
  const bench = benches[name]
  if (bench === undefined) {
    process.stderr.write(
      `No bench is called "${name}". There are: ${Object.keys(benches).join(', ')}.\n`,
    )
    process.exit(2)
  }
  await bench(process.env['BOOTSTAND_IMAGES'], size)
}
