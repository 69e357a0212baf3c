import { imageCoverage } from '../../diagnosis/coverage.ts'
import { standInFolder } from '../../host/stand-ins.ts'
import { filesIn, type FuzzedFormat } from '../format.ts'

const sample = [
  '----------------',
  'IN: main',
  '0x00100000:  83 78 1c 01              cmpl     $1, 0x1c(%eax)',
  '0xf0102956:  83 78 1c 01              cmpl     $1, 0x1c(%eax)',
  '',
].join('\n')

/** What QEMU logs of the code that it translates. */
export const codeLog: FuzzedFormat = {
  name: 'code-log',
  samples: () => [Buffer.from(sample)],
  run: (bytes) => {
    const images = filesIn(standInFolder).slice(0, 1)
    imageCoverage(
      images.map((it) => ({ name: 'x', path: '/x', bytes: it })),
      bytes.toString('latin1'),
    )
  },
}
