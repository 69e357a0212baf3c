import { gzipSync } from 'node:zlib'
import { unzippedAsByGrub } from '../../host/unzip.ts'
import type { FuzzedFormat } from '../format.ts'

/** Compressed boot files. */
export const gzip: FuzzedFormat = {
  name: 'gzip',
  samples: () => [
    ...['', 'kernel '.repeat(1000)].map((it) => gzipSync(it)),
    gzipSync(Buffer.alloc(2 ** 22)),
  ],
  run: async (bytes) => await unzippedAsByGrub(bytes, 'x.gz'),
}
