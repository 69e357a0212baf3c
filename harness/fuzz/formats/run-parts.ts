import fs from 'node:fs'
import path from 'node:path'
import { readTimeline } from '../../evidence/timeline.ts'
import { packageRoot } from '../../host/paths.ts'
import { qmpName } from '../../run-folder/qmp-file.ts'
import { verdictName, writeVerdict } from '../../run-folder/verdict-file.ts'
import { sampleVerdict } from '../../test-tools/sample-verdict.ts'
import type { FuzzedFormat } from '../format.ts'

const qmpSample = [
  '{"at":0,"timestamp":{"seconds":1795000000,"microseconds":0},"event":"RESUME"}',
  '{"at":12,"timestamp":{"seconds":1795000000,"microseconds":12000},"event":"RESET","data":{"guest":true,"reason":"guest-reset"}}',
  '',
].join('\n')

const castSample = [
  '{"version":2,"width":80,"height":25,"timestamp":1795000000}',
  '[0.1,"o","GNU GRUB\\r\\n"]',
  '[0.2,"m","not looked at since 0.150"]',
  '[0.3,"i","1"]',
  String.raw`[0.4,"o","\u001b[H\u001b[2JIPC (0 MRs)\u001b[31m red\r\n"]`,
  '',
].join('\n')

const traceSample = [
  '1234@1795000000.000100:memory_region_ops_write cpu 0 mr 0x55 addr 0x3fb value 0x83 size 1 name serial',
  '1234@1795000000.000200:memory_region_ops_write cpu 0 mr 0x55 addr 0x3f8 value 0x01 size 1 name serial',
  '1234@1795000000.000300:memory_region_ops_write cpu 0 mr 0x55 addr 0x3fb value 0x03 size 1 name serial',
  '1234@1795000000.000400:memory_region_ops_write cpu 0 mr 0x55 addr 0x3f8 value 0x47 size 1 name serial',
  '1234@1795000000.000500:memory_region_ops_write cpu 0 mr 0x55 addr 0xe9 value 0x4e size 1 name debug',
  '',
].join('\n')

const filesOfRun: Readonly<Record<string, string>> = {
  'herc.out': '',
  'herc.cast': castSample,
  'vga.cast': castSample,
  [qmpName]: qmpSample,
  'qemu.log': traceSample,
}

/** Runs whose files have all the right form, but for one or two that `names` lists. */
const partOfRun = (
  name: string,
  names: readonly string[],
  samples: FuzzedFormat['samples'],
): FuzzedFormat => ({
  name,
  samples,
  run: async (bytes, folder) => {
    const runFolder = path.join(folder, name)
    if (!fs.existsSync(path.join(runFolder, verdictName))) {
      fs.mkdirSync(runFolder, { recursive: true })
      for (const [file, text] of Object.entries(filesOfRun))
        fs.writeFileSync(path.join(runFolder, file), text)
      await writeVerdict({ ...sampleVerdict, runFolder })
    }
    for (const file of names) fs.writeFileSync(path.join(runFolder, file), bytes)
    readTimeline(runFolder)
  },
})

const kept = (file: string) => fs.readFileSync(path.join(packageRoot, 'fixtures/hostile/run', file))

/** Timed copies of a console and of the screen. */
export const cast = partOfRun('cast', ['herc.cast', 'vga.cast'], () => [
  Buffer.from(castSample),
  kept('cast-half-line/herc.cast'),
])

/** QEMU's events. */
export const qmp = partOfRun('qmp', [qmpName], () => [Buffer.from(qmpSample)])

/** Traced writes to the serial ports. */
export const portTrace = partOfRun('port-trace', ['qemu.log'], () => [Buffer.from(traceSample)])
