import fs from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { checkRamdisk } from '../../ramdisk/check-ramdisk.ts'
import { standInFolder } from '../../host/stand-ins.ts'
import { filesBelow, filesIn, type FuzzedFormat } from '../format.ts'

/** Ext2 file systems and cpio archives, zipped or not. */
export const ramdisk: FuzzedFormat = {
  name: 'ramdisk',
  samples: () => {
    const built = filesIn(standInFolder).filter((it) => it.readUInt16LE(1080) === 0xef53)
    const plain = [...built, ...filesBelow('fixtures/hostile/cpio')]
    return [...plain, ...plain.map((it) => gzipSync(it))]
  },
  run: async (bytes, folder) => {
    const file = path.join(folder, 'ramdisk')
    fs.writeFileSync(file, bytes)
    await checkRamdisk(file)
  },
}
