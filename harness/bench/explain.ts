import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { boot } from '../boot/boot.ts'
import { pistachio } from '../boot/pistachio.ts'
import { addressMap } from '../diagnosis/address-map.ts'
import { elfCodeRanges } from '../formats/elf-symbols.ts'
import { packageRoot } from '../host/paths.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { inspectTool } from '../host/tools.ts'
import { compare, printComparison } from './statistics.ts'

const usualCount = 100_000
const rounds = 5
const crashes = 5

/**
 * Addresses to routines, beside `addr2line -f` over a pipe, which tells source lines too; then how long a
 * person waits from a crash to its report.
 *
 * @param count Addresses.
 */
export const explain = async (images = standInFolder, count = usualCount): Promise<void> => {
  const kernel = ['ia32-kernel', 'x86-kernel']
    .map((name) => path.join(images, name))
    .find((file) => fs.existsSync(file))!
  await decomposition(kernel, count)
  await crashToReport(images)
}

const decomposition = async (file: string, count: number): Promise<void> => {
  const bytes = fs.readFileSync(file)
  const addresses = [...addressesIn(bytes, count)]
  const tool = (await inspectTool('addr2line')).path!
  const input = addresses.map((it) => it.toString(16)).join('\n')
  let theirs: string[] = []
  let ours: (string | undefined)[] = []
  const timed = (work: () => unknown) => async () => {
    const started = performance.now()
    await work()
    return performance.now() - started
  }
  const samples = await compare(
    {
      'addr2line -f': timed(async () => {
        const { stdout } = await execa(tool, ['-f', '-e', file], { input })
        theirs = stdout.split('\n').filter((_, index) => index % 2 === 0)
      }),
      'Bootstand, file read anew': timed(() => {
        const map = addressMap([{ name: 'kernel', bytes, runsAsKernel: true }])
        ours = addresses.map((address) => map.find(address, 0)[0]?.symbol)
      }),
    },
    rounds,
  )
  printComparison(`${count} addresses of ${path.basename(file)} to routines`, samples)
  for (const { contender, times } of samples) {
    const rate = count / (Math.min(...times) / 1000)
    process.stdout.write(`  ${contender}: at best ${Math.round(rate)} addresses a second\n`)
  }
  // It names the innermost of inlined routines; Bootstand that which has an address of its own.
  const around = await outermost(tool, file, input)
  const differs = (names: readonly string[]) =>
    ours.filter((it, index) => (it ?? '??') !== names[index]).length
  process.stdout.write(
    `  ${differs(theirs)} of ${count} lie in inlined routines; ${differs(around)} are named otherwise than by addr2line -i, or not (padding)\n`,
  )
}

/** The routines that have addresses of their own, whatever is inlined in them. */
const outermost = async (tool: string, file: string, input: string): Promise<string[]> => {
  const { stdout } = await execa(tool, ['-f', '-i', '-a', '-e', file], { input })
  const chains = stdout.split(/^0x[0-9a-f]+\n/m).slice(1)
  return chains.map((chain) => chain.trimEnd().split('\n').at(-2)!)
}

/** Addresses spread over a file's code, always the same ones. */
function* addressesIn(bytes: Buffer, count: number): Generator<number> {
  const ranges = elfCodeRanges(bytes)
  // A step that has no divisor in common with a range's size visits all of it.
  for (let index = 0; index < count; index++) {
    const { low, high } = ranges[index % ranges.length]!
    yield low + ((index * 7919) % (high - low))
  }
}

const crashToReport = async (images: string): Promise<void> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-explain-'))
  process.env['BOOTSTAND_RUNS'] = path.join(folder, 'runs')
  const cli = path.join(packageRoot, 'harness/cli/bootstand.mjs')
  const scenario = pistachio({ rootTask: 'rt-ud2' })
  const took = { interrogated: [] as number[], explained: [] as number[] }
  try {
    for (let round = 0; round < crashes; round++) {
      let crashed = 0
      const onStop = () => {
        crashed ||= performance.now()
      }
      const target = await boot(scenario, { images, method: 'direct', onStop })
      await target.herc.waitFor('never').catch(() => {})
      const { runFolder } = await target.stop()
      const judged = performance.now()
      await execa(process.execPath, [cli, 'explain', runFolder])
      took.interrogated.push(judged - crashed)
      took.explained.push(performance.now() - judged)
    }
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
  const span = (times: readonly number[]) =>
    `${Math.round(Math.min(...times))} .. ${Math.round(Math.max(...times))} ms`
  process.stdout.write(
    `\nrt-ud2, ${crashes} times: from the crash to the verdict, with the debugger's answers, ${span(took.interrogated)}; ` +
      `\`bootstand explain\` ${span(took.explained)}\n`,
  )
}
